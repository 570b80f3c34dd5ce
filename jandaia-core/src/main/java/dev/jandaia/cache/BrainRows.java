package dev.jandaia.cache;

/** Rows as bfloat16, rounded to the nearest, to even ones in the middle. */
final class BrainRows extends ShortRows {
  BrainRows(int heads, int dim, PositionBlocks<short[]> blocks) {
    super(heads, dim, blocks);
  }

  @Override
  void write(float[] source, int offset, short[] block, int row) {
    for (int i = 0; i < dim; i++) {
      int bits = Float.floatToIntBits(source[offset + i]);
      block[row * dim + i] = (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
  }

  @Override
  void read(CacheReader reader, short[] block, int row, int count, float[] out) {
    reader.kernels().brainsToFloats(block, row * dim, out, 0, count * dim);
  }

  @Override
  RowStore<short[]> fork() {
    return new BrainRows(heads, dim, blocks().copy(this::copyOf));
  }
}
