package dev.jandaia.cache;

/**
 * What sparse attention remembers: the rows that it attends to, and for each position the key by
 * which an indexer chooses among them. Seen as keys and values it is the rows; the index keys grow
 * by themselves and go back together with them.
 */
final class IndexedCache implements KeyValueCache {
  private final KeyValueCache attended;
  private final KeyValueCache indexKeys;

  IndexedCache(KeyValueCache attended, KeyValueCache indexKeys) {
    this.attended = attended;
    this.indexKeys = indexKeys;
  }

  /** One head of keys; its values are the keys. */
  KeyValueCache indexKeys() {
    return indexKeys;
  }

  @Override
  public int start() {
    return attended.start();
  }

  @Override
  public int end() {
    return attended.end();
  }

  @Override
  public void append(
      float[] keys,
      int keyOffset,
      int keyStride,
      float[] values,
      int valueOffset,
      int valueStride,
      int count) {
    attended.append(keys, keyOffset, keyStride, values, valueOffset, valueStride, count);
  }

  @Override
  public int queryDim() {
    return attended.queryDim();
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
    attended.scores(
        reader, head, queries, queryOffset, rows, from, count, out, outOffset, outStride);
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
    attended.addValues(
        reader, head, weights, weightOffset, weightStride, rows, from, count, out, outOffset);
  }

  @Override
  public float[] enter(CacheReader reader, int head, float[] queries, int rows) {
    return attended.enter(reader, head, queries, rows);
  }

  @Override
  public void leave(CacheReader reader, int head, float[] sums, int rows) {
    attended.leave(reader, head, sums, rows);
  }

  @Override
  public boolean canTruncate(int end) {
    return attended.canTruncate(end) && indexKeys.canTruncate(end);
  }

  @Override
  public void truncate(int end) {
    attended.truncate(end);
    indexKeys.truncate(end);
  }

  @Override
  public KeyValueCache fork() {
    return new IndexedCache(attended.fork(), indexKeys.fork());
  }

  @Override
  public long bytes() {
    return attended.bytes() + indexKeys.bytes();
  }
}
