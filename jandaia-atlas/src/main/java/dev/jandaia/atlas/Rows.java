package dev.jandaia.atlas;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Collects rows: each is one question put to all subjects. */
final class Rows {
  private final List<Subject> subjects;
  private final List<Row> rows = new ArrayList<>();

  Rows(List<Subject> subjects) {
    this.subjects = subjects;
  }

  void add(String key, String label, String unit, Function<Subject, Cell> question) {
    rows.add(new Row(key, label, unit, subjects.stream().map(question).toList()));
  }

  /** The rows that say something about at least one subject. */
  List<Row> filled() {
    return rows.stream().filter(row -> !row.cells().stream().allMatch(Cell.NONE::equals)).toList();
  }
}
