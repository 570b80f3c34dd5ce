package dev.jandaia.atlas;

import java.util.List;
import java.util.Optional;

/**
 * One count of one model.
 *
 * @param text for people, short: {@code 1.24B}
 * @param value exactly; empty where the text is all there is
 * @param working the formula, and the numbers put in, a line each
 */
public record Cell(String text, Optional<Number> value, List<String> working) {
  /** Where a count has no meaning for a model. */
  public static final Cell NONE = new Cell("-", Optional.empty(), List.of());

  public Cell {
    working = List.copyOf(working);
  }

  /** A number with its working. */
  public static Cell of(String text, Number value, List<String> working) {
    return new Cell(text, Optional.of(value), working);
  }

  /** A number with a working of one line. */
  public static Cell of(String text, Number value, String working) {
    return of(text, value, List.of(working));
  }

  /** Text alone. */
  public static Cell text(String text) {
    return new Cell(text, Optional.empty(), List.of());
  }
}
