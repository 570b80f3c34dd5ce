package dev.jandaia.cache;

import dev.jandaia.kernel.CachedRows.Brains;

/** Rows as bfloat16, rounded to the nearest, to even ones in the middle. */
final class BrainRows extends PlainRows<Brains> {
  BrainRows(int heads, int dim, PositionBlocks<Brains> blocks) {
    super(heads, dim, blocks);
  }

  @Override
  Brains newBlock() {
    return new Brains(heads * PositionBlocks.LENGTH, dim);
  }

  @Override
  Brains copyOf(Brains block) {
    return block.copy();
  }

  @Override
  long blockBytes() {
    return (long) heads * PositionBlocks.LENGTH * dim * Short.BYTES;
  }

  @Override
  void write(float[] source, int offset, Brains block, int row) {
    for (int i = 0; i < dim; i++) {
      int bits = Float.floatToIntBits(source[offset + i]);
      block.data()[row * dim + i] = (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
  }

  @Override
  RowStore<Brains> fork() {
    return new BrainRows(heads, dim, blocks().copy(this::copyOf));
  }
}
