package dev.jandaia.atlas.report;

import dev.jandaia.atlas.Cell;
import dev.jandaia.atlas.Layers;
import dev.jandaia.atlas.Layers.Phrase;
import dev.jandaia.atlas.Row;
import dev.jandaia.atlas.Section;
import dev.jandaia.atlas.Sheet;
import dev.jandaia.atlas.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A sheet as Markdown; what differs from the first model is bold. */
public final class MarkdownReport {
  private final Sheet sheet;
  private final StringBuilder out = new StringBuilder();

  private MarkdownReport(Sheet sheet) {
    this.sheet = sheet;
  }

  /** The report. */
  public static String of(Sheet sheet) {
    return new MarkdownReport(sheet).write();
  }

  private String write() {
    String names = names().stream().collect(Collectors.joining(" · "));
    out.append("# ").append(names).append("\n");
    layers();
    sheet.sections().forEach(this::section);
    return out.toString();
  }

  private List<String> names() {
    return sheet.subjects().stream().map(Subject::name).map(MarkdownReport::escaped).toList();
  }

  private void layers() {
    out.append("\n## Layers\n");
    Layers layers = Layers.of(sheet.subjects());
    for (int i = 0; i < names().size(); i++) {
      out.append("\n**").append(names().get(i)).append("**\n\n");
      for (Layers.Kind kind : layers.models().get(i)) {
        List<Phrase> phrases = new ArrayList<>(kind.mixer());
        phrases.addAll(kind.feedForward());
        phrases.add(kind.residual());
        String text =
            phrases.stream().map(MarkdownReport::phrase).collect(Collectors.joining(", "));
        out.append("- %s: %d × %s\n".formatted(kind.letter(), kind.count(), text));
      }
    }
  }

  private static String phrase(Phrase phrase) {
    String text = escaped(phrase.text());
    return phrase.differs() ? "**" + text + "**" : text;
  }

  private void section(Section section) {
    out.append("\n## ").append(section.title()).append("\n\n");
    if (!section.note().isEmpty()) {
      out.append(escaped(section.note())).append("\n\n");
    }
    line("", names());
    out.append("| --- |").append(" ---: |".repeat(names().size())).append("\n");
    for (Row row : section.rows()) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < row.cells().size(); i++) {
        cells.add(cell(row, i));
      }
      line(escaped(row.label().strip()), cells);
    }
  }

  private static String cell(Row row, int model) {
    Cell cell = row.cells().get(model);
    boolean scaled = row.unit().equals("FLOP") && cell.value().isPresent();
    String text = escaped(cell.text()) + (scaled ? row.unit() : "");
    return row.differsFromFirst(model) ? "**" + text + "**" : text;
  }

  private void line(String label, List<String> cells) {
    out.append("| ").append(label);
    cells.forEach(cell -> out.append(" | ").append(cell));
    out.append(" |\n");
  }

  /** Names come from files: nothing in them may end a cell or start a tag. */
  private static String escaped(String text) {
    return text.replaceAll("([\\\\`*_|<>\\[\\]])", "\\\\$1").replaceAll("\\R", " ");
  }
}
