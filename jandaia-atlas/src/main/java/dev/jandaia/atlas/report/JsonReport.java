package dev.jandaia.atlas.report;

import dev.jandaia.atlas.Cell;
import dev.jandaia.atlas.Row;
import dev.jandaia.atlas.Section;
import dev.jandaia.atlas.Sheet;
import dev.jandaia.atlas.Subject;
import dev.jandaia.spec.json.SpecJson;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A sheet as JSON: for each model its spec and its counts, {@code {"total_parameters": {"value":
 * 1235814400, "text": "1.24B", "working": [...]}}}; values are exact and in {@code unit}.
 */
public final class JsonReport {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonReport() {}

  /** The report. */
  public static String of(Sheet sheet) {
    ObjectNode root = MAPPER.createObjectNode();
    var models = root.putArray("models");
    for (int i = 0; i < sheet.subjects().size(); i++) {
      Subject subject = sheet.subjects().get(i);
      ObjectNode model = models.addObject().put("name", subject.name());
      subject.weights().ifPresent(path -> model.put("weights", path.toString()));
      ObjectNode counts = model.putObject("counts");
      for (Section section : sheet.sections()) {
        for (Row row : section.rows()) {
          count(counts, row, row.cells().get(i));
        }
      }
      model.set("spec", SpecJson.toTree(subject.spec()));
    }
    var notes = root.putObject("notes");
    sheet.sections().forEach(section -> notes.put(section.title(), section.note()));
    return MAPPER.writeValueAsString(root) + "\n";
  }

  private static void count(ObjectNode counts, Row row, Cell cell) {
    if (cell.equals(Cell.NONE)) {
      counts.putNull(row.key());
      return;
    }
    ObjectNode count = counts.putObject(row.key());
    cell.value().ifPresent(value -> count.set("value", MAPPER.valueToTree(value)));
    count.put("text", cell.text());
    if (!row.unit().isEmpty()) {
      count.put("unit", row.unit());
    }
    if (!cell.working().isEmpty()) {
      var working = count.putArray("working");
      cell.working().forEach(working::add);
    }
  }
}
