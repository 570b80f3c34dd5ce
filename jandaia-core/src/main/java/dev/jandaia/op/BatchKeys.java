package dev.jandaia.op;

import dev.jandaia.cache.CacheReader;
import dev.jandaia.cache.KeysAndValues;
import dev.jandaia.kernel.Kernels;

/**
 * The keys and values that the rows of a chunk bring along: attention reads them as it reads a
 * cache, before the cache has taken them in.
 */
final class BatchKeys implements KeysAndValues {
  private final Kernels kernels;
  private AttentionShape shape;
  private int shift;
  private Matrix k;
  private Matrix v;

  BatchKeys(Kernels kernels) {
    this.kernels = kernels;
  }

  void set(AttentionShape newShape, Batch.Chunk chunk, Matrix keys, Matrix values) {
    set(newShape, chunk.firstRow(), chunk.start(), keys, values);
  }

  /** Rows from {@code firstRow} on, which stand at the positions from {@code start} on. */
  void set(AttentionShape newShape, int firstRow, int start, Matrix keys, Matrix values) {
    shape = newShape;
    shift = firstRow - start;
    k = keys;
    v = values;
  }

  private int row(int position) {
    return position + shift;
  }

  @Override
  public int queryDim() {
    return shape.keyDim();
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
    int dim = shape.keyDim();
    int key = k.offset(row(from)) + head * dim;
    kernels.dots(
        queries,
        queryOffset,
        dim,
        rows,
        k.data(),
        key,
        k.cols(),
        count,
        dim,
        out,
        outOffset,
        outStride);
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
    int dim = shape.valueDim();
    int value = v.offset(row(from)) + head * dim;
    kernels.weightedSums(
        weights,
        weightOffset,
        weightStride,
        rows,
        v.data(),
        value,
        v.cols(),
        count,
        dim,
        out,
        outOffset,
        dim);
  }
}
