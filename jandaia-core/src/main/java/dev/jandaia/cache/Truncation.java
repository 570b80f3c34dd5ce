package dev.jandaia.cache;

/** The rule by which caches forget their newest positions. */
final class Truncation {
  private Truncation() {}

  /**
   * The new end, if what must be remembered then is still there.
   *
   * @param held the first position that is held now
   * @param needed the first position that a cache of the new length would hold
   */
  static int check(int newEnd, int end, int held, int needed) {
    if (newEnd < 0 || newEnd > end) {
      throw new IllegalArgumentException(
          "truncate: expected a position in 0.." + end + ", found " + newEnd);
    }
    if (newEnd > 0 && needed < held) {
      throw new IllegalStateException(
          "truncate to %d: positions %d..%d have been dropped from the window"
              .formatted(newEnd, needed, held));
    }
    return newEnd;
  }
}
