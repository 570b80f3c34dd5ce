package dev.jandaia.cache;

import dev.jandaia.kernel.Kernels;

/**
 * What sparse attention remembers: the rows that it attends to, and for each position the key by
 * which an indexer chooses among them. Seen as keys and values it is the rows; the index keys grow
 * by themselves and go back together with them.
 */
final class IndexedCache implements KeyValueCache {
  private final KeyValueCache rows;
  private final KeyValueCache indexKeys;

  IndexedCache(KeyValueCache rows, KeyValueCache indexKeys) {
    this.rows = rows;
    this.indexKeys = indexKeys;
  }

  /** One head of keys; its values are the keys. */
  KeyValueCache indexKeys() {
    return indexKeys;
  }

  @Override
  public int start() {
    return rows.start();
  }

  @Override
  public int end() {
    return rows.end();
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
    rows.append(keys, keyOffset, keyStride, values, valueOffset, valueStride, count);
  }

  @Override
  public void scores(
      Kernels kernels,
      int head,
      float[] query,
      int queryOffset,
      int from,
      int count,
      float[] out,
      int outOffset) {
    rows.scores(kernels, head, query, queryOffset, from, count, out, outOffset);
  }

  @Override
  public void addValues(
      Kernels kernels,
      int head,
      float[] weights,
      int weightOffset,
      int from,
      int count,
      float[] out,
      int outOffset) {
    rows.addValues(kernels, head, weights, weightOffset, from, count, out, outOffset);
  }

  @Override
  public boolean canTruncate(int end) {
    return rows.canTruncate(end) && indexKeys.canTruncate(end);
  }

  @Override
  public void truncate(int end) {
    rows.truncate(end);
    indexKeys.truncate(end);
  }

  @Override
  public KeyValueCache fork() {
    return new IndexedCache(rows.fork(), indexKeys.fork());
  }

  @Override
  public long bytes() {
    return rows.bytes() + indexKeys.bytes();
  }
}
