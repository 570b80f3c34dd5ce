package dev.jandaia.cache;

/** Rows in half precision. What is too large becomes the largest half. */
final class HalfRows extends ShortRows {
  private static final float LARGEST = 65504;

  HalfRows(int heads, int dim, PositionBlocks<short[]> blocks) {
    super(heads, dim, blocks);
  }

  @Override
  void write(float[] source, int offset, short[] block, int row) {
    for (int i = 0; i < dim; i++) {
      float bounded = Math.clamp(source[offset + i], -LARGEST, LARGEST);
      block[row * dim + i] = Float.floatToFloat16(bounded);
    }
  }

  @Override
  void read(CacheReader reader, short[] block, int row, int count, float[] out) {
    reader.kernels().halvesToFloats(block, row * dim, out, 0, count * dim);
  }

  @Override
  RowStore<short[]> fork() {
    return new HalfRows(heads, dim, blocks().copy(this::copyOf));
  }
}
