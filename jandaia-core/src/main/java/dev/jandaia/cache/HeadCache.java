package dev.jandaia.cache;

/** Keys and values of every key/value head: what MHA, GQA and MQA remember. */
final class HeadCache implements KeyValueCache {
  private final RowStore<?> keys;
  private final RowStore<?> values;
  private int end;

  private HeadCache(RowStore<?> keys, RowStore<?> values) {
    this.keys = keys;
    this.values = values;
  }

  /** An empty cache of {@code heads} key/value heads. */
  static HeadCache of(int heads, int keyDim, int valueDim, Retention retention, CacheType type) {
    return new HeadCache(
        RowStores.keys(type, heads, retention, keyDim),
        RowStores.values(type, heads, retention, valueDim));
  }

  @Override
  public int start() {
    return keys.blocks().start();
  }

  @Override
  public int end() {
    return end;
  }

  @Override
  public void append(
      float[] newKeys,
      int keyOffset,
      int keyStride,
      float[] newValues,
      int valueOffset,
      int valueStride,
      int count) {
    if (end == 0) {
      keys.begin(newKeys, keyOffset, keyStride, count);
      values.begin(newValues, valueOffset, valueStride, count);
    }
    for (int i = 0; i < count; i++) {
      keys.write(end, newKeys, keyOffset + i * keyStride);
      values.write(end, newValues, valueOffset + i * valueStride);
      end++;
    }
  }

  @Override
  public int queryDim() {
    return keys.queryDim();
  }

  @Override
  public float[] enter(CacheReader reader, int head, float[] queries, int rows) {
    return keys.enter(reader, head, queries, rows);
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
    keys.scores(reader, head, queries, queryOffset, rows, from, count, out, outOffset, outStride);
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
    values.addValues(
        reader,
        head,
        values.dim,
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
    values.leave(reader, head, sums, rows, values.dim);
  }

  @Override
  public boolean canTruncate(int newEnd) {
    return keys.blocks().canEndAt(newEnd);
  }

  @Override
  public void truncate(int newEnd) {
    Truncation.check(this, newEnd);
    keys.blocks().endAt(newEnd);
    values.blocks().endAt(newEnd);
    end = newEnd;
  }

  @Override
  public KeyValueCache fork() {
    HeadCache copy = new HeadCache(keys.fork(), values.fork());
    copy.end = end;
    return copy;
  }

  @Override
  public long bytes() {
    return keys.bytes() + values.bytes();
  }
}
