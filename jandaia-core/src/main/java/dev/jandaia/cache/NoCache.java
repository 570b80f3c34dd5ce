package dev.jandaia.cache;

/** Remembers nothing: for training and scoring, where a sequence is seen whole. */
enum NoCache implements KeyValueCache {
  INSTANCE;

  @Override
  public int start() {
    return 0;
  }

  @Override
  public int end() {
    return 0;
  }

  @Override
  public void append(
      float[] keys,
      int keyOffset,
      int keyStride,
      float[] values,
      int valueOffset,
      int valueStride,
      int count) {}

  @Override
  public int queryDim() {
    return 0;
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
    throw new IllegalStateException("nothing is remembered");
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
    throw new IllegalStateException("nothing is remembered");
  }

  @Override
  public boolean canTruncate(int end) {
    return true;
  }

  @Override
  public void truncate(int end) {}

  @Override
  public KeyValueCache fork() {
    return this;
  }

  @Override
  public long bytes() {
    return 0;
  }
}
