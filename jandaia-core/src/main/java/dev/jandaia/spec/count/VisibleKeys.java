package dev.jandaia.spec.count;

import dev.jandaia.spec.Span;

/** How many keys a query meets, by span. */
final class VisibleKeys {
  private VisibleKeys() {}

  /** Keys kept at most; {@link Long#MAX_VALUE} when there is no bound. */
  static long limit(Span span) {
    return switch (span) {
      case Span.Full() -> Long.MAX_VALUE;
      case Span.Sliding(int window) -> window;
    };
  }

  /** Keys the query at {@code position} (from 0) sees: min(position + 1, window). */
  static long at(Span span, long position) {
    return Math.min(position + 1, limit(span));
  }

  /**
   * Keys that the queries at positions 0 to tokens − 1 see together: T(T + 1)/2 for full attention,
   * w(w + 1)/2 + (T − w)·w for a window w &lt; T.
   */
  static long upTo(Span span, long tokens) {
    long ramp = Math.min(tokens, limit(span));
    return Math.addExact(
        Math.multiplyExact(ramp, ramp + 1) / 2, Math.multiplyExact(tokens - ramp, ramp));
  }
}
