package dev.jandaia.spec.count;

/**
 * What a token asks for to see earlier tokens in compressed form. The token at position p meets ⌊(p
 * + 1)/rate⌋ entries, of which it attends to {@code most} at most.
 *
 * @param rate tokens per entry
 * @param flopsPerEntry multiply-adds (2 each) per entry attended to
 * @param most entries attended to at most
 * @param indexFlopsPerEntry multiply-adds (2 each) per entry, attended to or not, to choose
 */
public record EntryCost(long rate, long flopsPerEntry, long most, long indexFlopsPerEntry) {
  /** Nothing is compressed. */
  public static final EntryCost NONE = new EntryCost(1, 0, Long.MAX_VALUE, 0);

  long flopsAt(long position) {
    long entries = (position + 1) / rate;
    return flopsPerEntry * Math.min(entries, most) + indexFlopsPerEntry * entries;
  }

  long flopsUpTo(long tokens) {
    return Math.addExact(
        Math.multiplyExact(flopsPerEntry, seen(tokens, most)),
        Math.multiplyExact(indexFlopsPerEntry, seen(tokens, Long.MAX_VALUE)));
  }

  /** Σ min(⌊n/rate⌋, limit) for n from 1 to {@code tokens}. */
  private long seen(long tokens, long limit) {
    long full = tokens / rate;
    long ramp = Math.min(full, limit);
    // Each number of entries below the last is met by rate tokens, the last by those that are left.
    long risen = Math.multiplyExact(rate, ramp * (ramp - 1) / 2);
    long level = tokens + 1 - ramp * rate;
    return Math.addExact(risen, Math.multiplyExact(ramp, level));
  }
}
