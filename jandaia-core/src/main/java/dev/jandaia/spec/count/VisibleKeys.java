package dev.jandaia.spec.count;

import dev.jandaia.spec.Span;

/** How many keys a query meets, by span. */
final class VisibleKeys {
  private VisibleKeys() {}

  /** Keys kept at most; {@link Long#MAX_VALUE} when there is no bound. */
  static long limit(Span span) {
    return switch (span) {
      case Span.Full(), Span.Sparse _ -> Long.MAX_VALUE;
      case Span.Sliding(int window) -> window;
      case Span.Chunked(int size) -> size;
    };
  }

  /** Keys seen at most: those that are kept, or chosen among them. */
  private static long most(Span span) {
    return span instanceof Span.Sparse sparse ? sparse.topK() : limit(span);
  }

  /**
   * Keys the query at {@code position} (from 0) sees: min(position + 1, window or topK), or
   * position mod size + 1 in a chunk.
   */
  static long at(Span span, long position) {
    return span instanceof Span.Chunked(int size)
        ? position % size + 1
        : Math.min(position + 1, most(span));
  }

  /**
   * Keys that the queries at positions 0 to tokens − 1 see together: T(T + 1)/2 for full attention,
   * w(w + 1)/2 + (T − w)·w for a window (or choice) of w &lt; T, and s(s + 1)/2 for each chunk of s
   * with r(r + 1)/2 for the rest.
   */
  static long upTo(Span span, long tokens) {
    if (span instanceof Span.Chunked(int size)) {
      long rest = tokens % size;
      return Math.addExact(
          Math.multiplyExact(tokens / size, (long) size * (size + 1L) / 2), rest * (rest + 1) / 2);
    }
    long ramp = Math.min(tokens, most(span));
    return Math.addExact(
        Math.multiplyExact(ramp, ramp + 1) / 2, Math.multiplyExact(tokens - ramp, ramp));
  }
}
