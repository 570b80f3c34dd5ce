package dev.jandaia.cache;

import dev.jandaia.spec.Compression;

/**
 * The compressed entries of a sequence, one for every {@code rate} positions, and the rows of the
 * latest positions, of which the next entries will be made.
 */
public final class EntryCache {
  private final int rate;
  private final KeyValueCache rows;
  private final KeyValueCache entries;

  private EntryCache(int rate, KeyValueCache rows, KeyValueCache entries) {
    this.rate = rate;
    this.rows = rows;
    this.entries = entries;
  }

  /** Empty, for entries of {@code dim} elements; what they are made of stays exact. */
  static EntryCache of(Compression compression, int dim, CacheType type) {
    // A row holds the value and the gate.
    int width = 2 * compression.width(dim);
    return new EntryCache(
        compression.rate(),
        LatentCache.of(width, 0, Retention.sliding(compression.slots()), CacheType.Plain.F32),
        LatentCache.of(dim, 0, Retention.ALL, type));
  }

  /** Remembers nothing. */
  static EntryCache none(Compression compression) {
    return new EntryCache(compression.rate(), NoCache.INSTANCE, NoCache.INSTANCE);
  }

  /**
   * What entries are made of, by position: value, then gate. At least the positions of the window
   * that is not full yet are held, and with overlap those of the one before.
   */
  public KeyValueCache rows() {
    return rows;
  }

  /** The entries, by their own index; one head whose value is the key. */
  public KeyValueCache entries() {
    return entries;
  }

  boolean canTruncate(int end) {
    return rows.canTruncate(end) && entries.canTruncate(end / rate);
  }

  void truncate(int end) {
    rows.truncate(end);
    entries.truncate(end / rate);
  }

  EntryCache fork() {
    return new EntryCache(rate, rows.fork(), entries.fork());
  }

  long bytes() {
    return rows.bytes() + entries.bytes();
  }
}
