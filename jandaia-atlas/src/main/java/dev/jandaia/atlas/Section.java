package dev.jandaia.atlas;

import java.util.List;

/**
 * Counts that belong together.
 *
 * @param title for people
 * @param note what the counts assume; may be empty
 * @param rows the counts
 */
public record Section(String title, String note, List<Row> rows) {
  public Section {
    rows = List.copyOf(rows);
  }
}
