package dev.jandaia.atlas;

import static dev.jandaia.atlas.text.Amounts.grouped;

import dev.jandaia.atlas.text.LayerPattern;
import java.util.List;

/** The outline: how deep, how wide, how many words. */
final class ShapeRows {
  private ShapeRows() {}

  static Section of(List<Subject> subjects) {
    Rows rows = new Rows(subjects);
    rows.add("family", "family", "", subject -> Cell.text(subject.spec().family()));
    rows.add("layers", "layers", "", subject -> whole(subject.spec().numLayers()));
    rows.add(
        "order",
        "order",
        "",
        subject -> Cell.text(new LayerPattern(subject.spec().blocks()).order()));
    rows.add("width", "width", "", subject -> whole(subject.spec().hiddenSize()));
    rows.add("vocabulary", "vocabulary", "", subject -> whole(subject.spec().vocabSize()));
    rows.add("context", "context", "", subject -> whole(subject.spec().contextLength()));
    rows.add(
        "tied",
        "head",
        "",
        subject -> Cell.text(subject.spec().head().tied() ? "tied" : "its own"));
    return new Section("Shape", "", rows.filled());
  }

  private static Cell whole(int value) {
    return Cell.of(grouped(value), value, List.of());
  }
}
