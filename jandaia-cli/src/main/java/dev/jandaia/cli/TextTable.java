package dev.jandaia.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns of text: the first column to the left, the others to the right. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  TextTable row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  TextTable row(List<String> cells) {
    rows.add(List.copyOf(cells));
    return this;
  }

  /** The rows, each indented by {@code indent}. */
  List<String> lines(String indent) {
    return rows.stream().map(row -> (indent + line(row)).stripTrailing()).toList();
  }

  private String line(List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      int pad = width(i) - row.get(i).length();
      line.append(i == 0 ? "" : "  ")
          .append(i == 0 ? row.get(i) + " ".repeat(pad) : " ".repeat(pad) + row.get(i));
    }
    return line.toString();
  }

  private int width(int column) {
    return rows.stream()
        .filter(row -> row.size() > column)
        .mapToInt(row -> row.get(column).length())
        .max()
        .orElse(0);
  }
}
