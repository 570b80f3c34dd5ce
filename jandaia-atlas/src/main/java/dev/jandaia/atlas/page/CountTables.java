package dev.jandaia.atlas.page;

import static dev.jandaia.atlas.page.Markup.escaped;

import dev.jandaia.atlas.Cell;
import dev.jandaia.atlas.Row;
import dev.jandaia.atlas.Section;
import dev.jandaia.atlas.Sheet;
import dev.jandaia.atlas.Subject;
import java.util.Locale;
import java.util.stream.Collectors;

/** Every count; each opens to show its formula. */
final class CountTables {
  private final Sheet sheet;
  private final StringBuilder out = new StringBuilder();

  private CountTables(Sheet sheet) {
    this.sheet = sheet;
  }

  /** One table for each section. */
  static String of(Sheet sheet) {
    CountTables tables = new CountTables(sheet);
    sheet.sections().forEach(tables::section);
    return tables.out.toString();
  }

  private void section(Section section) {
    String names =
        sheet.subjects().stream()
            .map(Subject::name)
            .map(name -> "<th scope=\"col\">%s</th>".formatted(escaped(name)))
            .collect(Collectors.joining());
    out.append("<h3>%s</h3>\n".formatted(escaped(section.title())));
    if (!section.note().isEmpty()) {
      out.append("<p class=\"note\">%s</p>\n".formatted(escaped(section.note())));
    }
    int models = sheet.subjects().size();
    out.append("<div class=\"scroll\"><table style=\"--models: %d\">\n".formatted(models));
    out.append("<thead><tr><td></td>");
    out.append(names).append("</tr></thead>\n<tbody>\n");
    section.rows().forEach(this::row);
    out.append("</tbody></table></div>\n");
  }

  private void row(Row row) {
    String label = escaped(row.label().strip());
    String style = row.differs() ? " class=\"row-differs\"" : "";
    out.append("<tr%s><th scope=\"row\">%s</th>".formatted(style, label));
    for (int i = 0; i < row.cells().size(); i++) {
      String differs = row.differsFromFirst(i) ? " class=\"cell-differs\"" : "";
      String name = escaped(sheet.subjects().get(i).name());
      out.append(
          "<td data-model=\"%s\" style=\"--column: %d\"%s>%s</td>"
              .formatted(name, i + 1, differs, cell(row, i)));
    }
    out.append("</tr>\n");
  }

  private static String cell(Row row, int model) {
    Cell cell = row.cells().get(model);
    String unit = row.unit().equals("FLOP") && cell.value().isPresent() ? row.unit() : "";
    String text = escaped(cell.text() + unit) + ratio(row, model);
    if (cell.working().isEmpty()) {
      return text;
    }
    String working =
        cell.working().stream()
            .map(line -> "<p>%s</p>".formatted(escaped(line)))
            .collect(Collectors.joining());
    return "<details><summary>%s</summary><div class=\"working\">%s</div></details>"
        .formatted(text, working);
  }

  /** How many times the first model's value, where that says something. */
  private static String ratio(Row row, int model) {
    double first = row.cells().getFirst().value().map(Number::doubleValue).orElse(0.0);
    double here = row.cells().get(model).value().map(Number::doubleValue).orElse(0.0);
    if (model == 0 || first == 0 || here == 0 || first == here) {
      return "";
    }
    double ratio = here / first;
    String format = ratio >= 100 ? "%.0f" : ratio >= 10 ? "%.1f" : ratio >= 0.1 ? "%.2f" : "%.3f";
    return " <span class=\"ratio\">×%s</span>".formatted(String.format(Locale.ROOT, format, ratio));
  }
}
