package dev.jandaia.cache;

/**
 * What multi-head latent attention remembers (2405.04434): one row per position, the normalised
 * latent followed by the rotated shared key. Seen from absorbed attention it is a single key head
 * whose value is the first part of the key, so values take no memory of their own.
 */
final class LatentCache implements KeyValueCache {
  private final int latentDim;
  private final RowStore<?> store;
  private int end;

  private LatentCache(int latentDim, RowStore<?> store) {
    this.latentDim = latentDim;
    this.store = store;
  }

  /**
   * An empty cache.
   *
   * @param latentDim elements of the latent, kvRank
   * @param ropeDim elements of the shared RoPE key
   */
  static LatentCache of(int latentDim, int ropeDim, Retention retention, CacheType type) {
    int[] groups = ropeDim == 0 ? new int[] {latentDim} : new int[] {latentDim, ropeDim};
    return new LatentCache(latentDim, RowStores.values(type, 1, retention, groups));
  }

  @Override
  public int start() {
    return store.blocks().start();
  }

  @Override
  public int end() {
    return end;
  }

  /** Appends rows of latent and RoPE key; the values are part of the keys and are not read. */
  @Override
  public void append(
      float[] keys,
      int keyOffset,
      int keyStride,
      float[] values,
      int valueOffset,
      int valueStride,
      int count) {
    if (end == 0) {
      store.begin(keys, keyOffset, keyStride, count);
    }
    for (int i = 0; i < count; i++) {
      store.write(end, keys, keyOffset + i * keyStride);
      end++;
    }
  }

  @Override
  public int queryDim() {
    return store.queryDim();
  }

  @Override
  public float[] enter(CacheReader reader, int head, float[] queries, int rows) {
    return store.enter(reader, 0, queries, rows);
  }

  @Override
  public void scores(
      CacheReader reader,
      int head,
      float[] queries,
      int queryOffset,
      int rows,
      int from,
      int count,
      float[] out,
      int outOffset,
      int outStride) {
    store.scores(reader, 0, queries, queryOffset, rows, from, count, out, outOffset, outStride);
  }

  @Override
  public void addValues(
      CacheReader reader,
      int head,
      float[] weights,
      int weightOffset,
      int weightStride,
      int rows,
      int from,
      int count,
      float[] out,
      int outOffset) {
    store.addValues(
        reader,
        0,
        latentDim,
        weights,
        weightOffset,
        weightStride,
        rows,
        from,
        count,
        out,
        outOffset);
  }

  @Override
  public void leave(CacheReader reader, int head, float[] sums, int rows) {
    store.leave(reader, 0, sums, rows, latentDim);
  }

  @Override
  public boolean canTruncate(int newEnd) {
    return store.blocks().canEndAt(newEnd);
  }

  @Override
  public void truncate(int newEnd) {
    Truncation.check(this, newEnd);
    store.blocks().endAt(newEnd);
    end = newEnd;
  }

  @Override
  public KeyValueCache fork() {
    LatentCache copy = new LatentCache(latentDim, store.fork());
    copy.end = end;
    return copy;
  }

  @Override
  public long bytes() {
    return store.bytes();
  }
}
