package dev.jandaia.cache;

/** What must hold before a cache forgets its newest positions. */
final class Truncation {
  private Truncation() {}

  /** Throws if {@code cache} cannot end at {@code newEnd}. */
  static void check(KeyValueCache cache, int newEnd) {
    if (newEnd < 0 || newEnd > cache.end()) {
      throw new IllegalArgumentException(
          "truncate: expected a position in 0..%d, found %d".formatted(cache.end(), newEnd));
    }
    if (!cache.canTruncate(newEnd)) {
      throw new IllegalStateException(
          "truncate to %d: positions before %d have been dropped from the window"
              .formatted(newEnd, cache.start()));
    }
  }
}
