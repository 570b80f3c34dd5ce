package dev.jandaia.cache;

/** Rows as f32: read where they lie. */
final class FloatRows extends RowStore<float[]> {
  FloatRows(int heads, int dim, PositionBlocks<float[]> blocks) {
    super(heads, dim, blocks);
  }

  @Override
  float[] newBlock() {
    return new float[heads * PositionBlocks.LENGTH * dim];
  }

  @Override
  float[] copyOf(float[] block) {
    return block.clone();
  }

  @Override
  long blockBytes() {
    return (long) heads * PositionBlocks.LENGTH * dim * Float.BYTES;
  }

  @Override
  void write(float[] source, int offset, float[] block, int row) {
    System.arraycopy(source, offset, block, row * dim, dim);
  }

  @Override
  void dots(
      CacheReader reader,
      float[] block,
      float[] next,
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
            row * dim,
            dim,
            count,
            dim,
            out,
            outOffset,
            outStride);
  }

  @Override
  void weightedSums(
      CacheReader reader,
      float[] block,
      float[] next,
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
            row * dim,
            dim,
            count,
            valueDim,
            out,
            outOffset,
            valueDim);
  }

  @Override
  RowStore<float[]> fork() {
    return new FloatRows(heads, dim, blocks().copy(this::copyOf));
  }
}
