package dev.jandaia.cache;

import dev.jandaia.kernel.CachedRows.Bytes;

/**
 * Rows as signed bytes, 32 of which share a half-precision scale: Q8_0. A row's last group may be
 * shorter.
 */
final class ByteRows extends PlainRows<Bytes> {
  private final int groups;

  ByteRows(int heads, int dim, PositionBlocks<Bytes> blocks) {
    super(heads, dim, blocks);
    this.groups = Bytes.groups(dim);
  }

  @Override
  Bytes newBlock() {
    return new Bytes(heads * PositionBlocks.LENGTH, dim);
  }

  @Override
  Bytes copyOf(Bytes block) {
    return block.copy();
  }

  @Override
  long blockBytes() {
    return (long) heads * PositionBlocks.LENGTH * (dim + Short.BYTES * groups);
  }

  @Override
  void write(float[] source, int offset, Bytes block, int row) {
    for (int group = 0; group < groups; group++) {
      int first = group * Bytes.GROUP;
      int end = Math.min(dim, first + Bytes.GROUP);
      float largest = 0;
      for (int i = first; i < end; i++) {
        largest = Math.max(largest, Math.abs(source[offset + i]));
      }
      short scale = Float.floatToFloat16(largest / 127);
      block.scales()[row * groups + group] = scale;
      float rounded = Float.float16ToFloat(scale);
      float inverse = rounded == 0 ? 0 : 1 / rounded;
      for (int i = first; i < end; i++) {
        int code = Math.clamp(Math.round(source[offset + i] * inverse), -127, 127);
        block.codes()[row * dim + i] = (byte) code;
      }
    }
  }

  @Override
  RowStore<Bytes> fork() {
    return new ByteRows(heads, dim, blocks().copy(this::copyOf));
  }
}
