package dev.jandaia.atlas.notes;

import java.util.List;

/** A Markdown table under a heading. */
final class Table {
  private final StringBuilder out = new StringBuilder();

  /**
   * @param source where the published figures stand
   */
  Table(String title, String source, String... columns) {
    out.append("\n## ").append(title).append("\n\n").append(source).append("\n\n");
    row(columns);
    out.append("| --- |").append(" ---: |".repeat(columns.length - 1)).append('\n');
  }

  Table row(String... cells) {
    out.append("| ").append(String.join(" | ", List.of(cells))).append(" |\n");
    return this;
  }

  /** A line of text below the table. */
  Table remark(String text) {
    out.append('\n').append(text).append('\n');
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
