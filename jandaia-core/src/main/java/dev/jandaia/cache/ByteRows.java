package dev.jandaia.cache;

/**
 * Rows as signed bytes, 32 of which share a half-precision scale: Q8_0. A row's last group may be
 * shorter.
 */
final class ByteRows extends RowStore<ByteRows.Block> {
  private static final int GROUP = 32;

  private final int groups;

  /**
   * @param codes {@code [rows, dim]}
   * @param scales {@code [rows, ⌈dim / 32⌉]}, halves
   */
  record Block(byte[] codes, short[] scales) {}

  ByteRows(int heads, int dim, PositionBlocks<Block> blocks) {
    super(heads, dim, blocks);
    this.groups = Math.ceilDiv(dim, GROUP);
  }

  @Override
  Block newBlock() {
    int rows = heads * PositionBlocks.LENGTH;
    return new Block(new byte[rows * dim], new short[rows * groups]);
  }

  @Override
  Block copyOf(Block block) {
    return new Block(block.codes().clone(), block.scales().clone());
  }

  @Override
  long blockBytes() {
    return (long) heads * PositionBlocks.LENGTH * (dim + Short.BYTES * groups);
  }

  @Override
  void write(float[] source, int offset, Block block, int row) {
    for (int group = 0; group < groups; group++) {
      int first = group * GROUP;
      int end = Math.min(dim, first + GROUP);
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
  void read(CacheReader reader, Block block, int row, int count, float[] out) {
    for (int j = 0; j < count; j++) {
      for (int group = 0; group < groups; group++) {
        int first = group * GROUP;
        int length = Math.min(GROUP, dim - first);
        float scale = Float.float16ToFloat(block.scales()[(row + j) * groups + group]);
        int from = (row + j) * dim + first;
        reader.kernels().bytesToFloats(block.codes(), from, scale, out, j * dim + first, length);
      }
    }
  }

  @Override
  RowStore<Block> fork() {
    ByteRows copy = new ByteRows(heads, dim, blocks().copy(this::copyOf));
    return copy;
  }
}
