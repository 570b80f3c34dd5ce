package dev.jandaia.atlas.report;

import java.util.ArrayList;
import java.util.List;

/** Text in lines. */
final class Wrap {
  private Wrap() {}

  /** Words that fit into {@code width} columns, line by line; longer words stand alone. */
  static List<String> lines(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
