package dev.jandaia.cache;

import dev.jandaia.spec.Span;

/**
 * How long a cache remembers: at least the last {@code window} positions, at least those from the
 * last multiple of {@code chunk} on; {@link Integer#MAX_VALUE} for no bound.
 */
record Retention(int window, int chunk) {
  /** Every position. */
  static final Retention ALL = new Retention(Integer.MAX_VALUE, Integer.MAX_VALUE);

  /** At least the last {@code window} positions. */
  static Retention sliding(int window) {
    return new Retention(window, Integer.MAX_VALUE);
  }

  /** At least the positions of the current chunk. */
  static Retention chunked(int size) {
    return new Retention(size, size);
  }

  /** What layers that see {@code span} need. */
  static Retention of(Span span) {
    return switch (span) {
      case Span.Full _, Span.Sparse _ -> ALL;
      case Span.Sliding(int window) -> sliding(window);
      case Span.Chunked(int size) -> chunked(size);
    };
  }

  /** The first position that the one at {@code position} looks at. */
  int firstNeeded(int position) {
    return Math.max(position - position % chunk, position - window + 1);
  }
}
