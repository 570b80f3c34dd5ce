package dev.jandaia.cache;

import dev.jandaia.kernel.CachedRows;

/** Rows in an encoding that kernels multiply as it is. */
abstract class PlainRows<R extends CachedRows> extends RowStore<R> {
  PlainRows(int heads, int dim, PositionBlocks<R> blocks) {
    super(heads, dim, blocks);
  }

  @Override
  final void dots(
      CacheReader reader,
      R block,
      R next,
      int row,
      int count,
      float[] queries,
      int queryOffset,
      int queryRows,
      float[] out,
      int outOffset,
      int outStride) {
    reader
        .kernels()
        .dots(
            queries,
            queryOffset,
            dim,
            queryRows,
            block,
            next,
            row,
            count,
            out,
            outOffset,
            outStride);
  }

  @Override
  final void weightedSums(
      CacheReader reader,
      R block,
      R next,
      int row,
      int count,
      int valueDim,
      float[] weights,
      int weightOffset,
      int weightStride,
      int weightRows,
      float[] out,
      int outOffset) {
    reader
        .kernels()
        .weightedSums(
            weights,
            weightOffset,
            weightStride,
            weightRows,
            block,
            next,
            row,
            count,
            valueDim,
            out,
            outOffset,
            valueDim);
  }
}
