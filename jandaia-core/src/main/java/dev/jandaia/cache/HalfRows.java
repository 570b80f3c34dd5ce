package dev.jandaia.cache;

import dev.jandaia.kernel.CachedRows.Halves;

/** Rows in half precision. What is too large becomes the largest half. */
final class HalfRows extends PlainRows<Halves> {
  private static final float LARGEST = 65504;

  HalfRows(int heads, int dim, PositionBlocks<Halves> blocks) {
    super(heads, dim, blocks);
  }

  @Override
  Halves newBlock() {
    return new Halves(heads * PositionBlocks.LENGTH, dim);
  }

  @Override
  Halves copyOf(Halves block) {
    return block.copy();
  }

  @Override
  long blockBytes() {
    return (long) heads * PositionBlocks.LENGTH * dim * Short.BYTES;
  }

  @Override
  void write(float[] source, int offset, Halves block, int row) {
    for (int i = 0; i < dim; i++) {
      float bounded = Math.clamp(source[offset + i], -LARGEST, LARGEST);
      block.data()[row * dim + i] = Float.floatToFloat16(bounded);
    }
  }

  @Override
  RowStore<Halves> fork() {
    return new HalfRows(heads, dim, blocks().copy(this::copyOf));
  }
}
