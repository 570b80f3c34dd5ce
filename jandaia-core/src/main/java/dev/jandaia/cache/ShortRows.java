package dev.jandaia.cache;

/** Rows of numbers of 16 bits. */
abstract class ShortRows extends RowStore<short[]> {
  ShortRows(int heads, int dim, PositionBlocks<short[]> blocks) {
    super(heads, dim, blocks);
  }

  @Override
  final short[] newBlock() {
    return new short[heads * PositionBlocks.LENGTH * dim];
  }

  @Override
  final short[] copyOf(short[] block) {
    return block.clone();
  }

  @Override
  final long blockBytes() {
    return (long) heads * PositionBlocks.LENGTH * dim * Short.BYTES;
  }
}
