package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * IQ3_S: blocks of 256 in 8 groups of 32; {@code x = ±d·(1 + 2s)·GRID}. Stored: d binary16, the low
 * bytes of 64 grid indices (four elements each), 8 bytes of their ninth bits, 32 bytes of signs, 4
 * bytes of four-bit s.
 */
final class IQ3S extends BlockFormat {
  private static final byte[] GRID = Grid.load("IQ3_S", 4, 1, 3, 5, 7, 9, 11, 13, 15);
  private static final int HIGH = 66;
  private static final int SIGNS = 74;
  private static final int SCALES = 106;

  IQ3S() {
    super(DType.IQ3_S);
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at);
    for (int i = 0; i < 64; i++) {
      int s = Bytes.u8(block, at + SCALES + (i >> 4)) >> (i >> 3 & 1) * 4 & 0xF;
      int ninth = Bytes.u8(block, at + HIGH + (i >> 3)) >> (i & 7) & 1;
      int entry = (Bytes.u8(block, at + 2 + i) | ninth << 8) * 4;
      int signs = Bytes.u8(block, at + SIGNS + (i >> 1)) >> (i & 1) * 4;
      Grid.decode(GRID, entry, 4, d * (1 + 2 * s), signs, y, to + i * 4);
    }
  }
}
