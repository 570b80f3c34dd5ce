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
import java.util.stream.Stream;

/**
 * A sheet for a terminal: the layers of each model in words, then one line per count. What is not
 * common to all models is marked {@code ≠}, and shown in colour where there is colour. Tables that
 * would be too wide continue below with the next models.
 */
public final class TerminalReport {
  private static final int LONGEST_NAME = 22;
  private static final String GAP = "  ";

  private final Sheet sheet;
  private final int width;
  private final Ink ink;
  private final boolean explain;
  private final List<String> lines = new ArrayList<>();

  /**
   * @param width columns of the terminal
   * @param colors whether it may be coloured
   * @param explain whether the working of each count is printed below it
   */
  public TerminalReport(Sheet sheet, int width, boolean colors, boolean explain) {
    this.sheet = sheet;
    this.width = width;
    this.ink = new Ink(colors);
    this.explain = explain;
  }

  /** The report. */
  public List<String> lines() {
    layers();
    tables();
    return List.copyOf(lines);
  }

  /** The working of every count alone. */
  public List<String> working() {
    for (Section section : sheet.sections()) {
      if (section.rows().stream().anyMatch(TerminalReport::hasWorking)) {
        heading(section);
        section.rows().forEach(this::explained);
      }
    }
    return List.copyOf(lines);
  }

  private void explained(Row row) {
    if (hasWorking(row)) {
      lines.add("  %s: %s".formatted(row.label().strip(), row.cells().getFirst().text()));
      working(row);
    }
  }

  private static boolean hasWorking(Row row) {
    return row.cells().stream().anyMatch(cell -> !cell.working().isEmpty());
  }

  private void layers() {
    Layers layers = Layers.of(sheet.subjects());
    for (int i = 0; i < sheet.subjects().size(); i++) {
      Subject subject = sheet.subjects().get(i);
      lines.add(ink.strong(subject.name()));
      layers.models().get(i).forEach(this::kind);
    }
  }

  private void kind(Layers.Kind kind) {
    List<Phrase> phrases = new ArrayList<>(kind.mixer());
    phrases.addAll(kind.feedForward());
    phrases.add(kind.residual());
    String start = "  %s  %d × ".formatted(kind.letter(), kind.count());
    StringBuilder line = new StringBuilder(start);
    int column = start.length();
    for (int i = 0; i < phrases.size(); i++) {
      String text = phrases.get(i).text() + (i < phrases.size() - 1 ? "," : "");
      if (column + 1 + text.length() > width && column > start.length()) {
        lines.add(line.toString().stripTrailing());
        line = new StringBuilder(" ".repeat(start.length()));
        column = start.length();
      }
      String gap = column > start.length() ? " " : "";
      line.append(gap).append(phrases.get(i).differs() ? ink.accent(text) : text);
      column += gap.length() + text.length();
    }
    lines.add(line.toString());
  }

  private void tables() {
    int label =
        sheet.sections().stream()
            .flatMap(section -> section.rows().stream())
            .mapToInt(row -> row.label().length())
            .max()
            .orElse(0);
    int room = Math.max(1, width - label - 2);
    int from = 0;
    while (from < sheet.subjects().size()) {
      int to = from;
      int used = 0;
      while (to < sheet.subjects().size() && (to == from || used + columnWidth(to) <= room)) {
        used += columnWidth(to);
        to++;
      }
      table(from, to, label);
      from = to;
    }
  }

  private int columnWidth(int model) {
    int widest =
        Stream.concat(
                Stream.of(name(model)),
                sheet.sections().stream()
                    .flatMap(section -> section.rows().stream())
                    .map(row -> text(row, model)))
            .mapToInt(String::length)
            .max()
            .orElse(0);
    return widest + GAP.length();
  }

  private String name(int model) {
    String name = sheet.subjects().get(model).name();
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
  }

  private void table(int from, int to, int label) {
    lines.add("");
    StringBuilder head = new StringBuilder(" ".repeat(label + 2));
    for (int model = from; model < to; model++) {
      head.append(right(name(model), columnWidth(model)));
    }
    lines.add(ink.strong(head.toString()));
    for (Section section : sheet.sections()) {
      heading(section);
      for (Row row : section.rows()) {
        lines.add(line(row, from, to, label));
        if (explain && to == sheet.subjects().size()) {
          working(row);
        }
      }
    }
  }

  private void heading(Section section) {
    lines.add("");
    lines.add(ink.strong(section.title()));
    if (!section.note().isEmpty()) {
      Wrap.lines(section.note(), width - 2).forEach(line -> lines.add("  " + ink.faint(line)));
    }
  }

  private String line(Row row, int from, int to, int label) {
    StringBuilder line = new StringBuilder(row.differs() ? "≠ " : "  ");
    line.append(row.label()).append(" ".repeat(label - row.label().length()));
    for (int model = from; model < to; model++) {
      String cell = right(text(row, model), columnWidth(model));
      line.append(row.differsFromFirst(model) ? ink.accent(cell) : cell);
    }
    return line.toString().stripTrailing();
  }

  private static String text(Row row, int model) {
    Cell cell = row.cells().get(model);
    boolean scaled = row.unit().equals("FLOP") && cell.value().isPresent();
    return scaled ? cell.text() + row.unit() : cell.text();
  }

  private void working(Row row) {
    for (int model = 0; model < row.cells().size(); model++) {
      List<String> working = row.cells().get(model).working();
      String name = row.cells().size() > 1 ? name(model) + ": " : "";
      for (int i = 0; i < working.size(); i++) {
        String text = (i == 0 ? name : "") + working.get(i);
        Wrap.lines(text, width - 6).forEach(line -> lines.add("      " + ink.faint(line)));
      }
    }
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
