package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * IQ2_S: blocks of 256 in 16 groups of 16; {@code x = ±d·(0.5 + s)/4·GRID}. Stored: d binary16, the
 * low bytes of 32 grid indices, 32 bytes of signs, 8 bytes with the upper two bits of the indices,
 * 8 bytes of four-bit s.
 */
final class IQ2S extends BlockFormat {
  private static final byte[] GRID = Grid.load("IQ2_S", 2, 8, 25, 43);
  private static final int SIGNS = 34;
  private static final int HIGH = 66;
  private static final int SCALES = 74;

  IQ2S() {
    super(DType.IQ2_S);
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at);
    for (int i = 0; i < 32; i++) {
      int s = Bytes.u8(block, at + SCALES + (i >> 2)) >> (i >> 1 & 1) * 4 & 0xF;
      int high = Bytes.u8(block, at + HIGH + (i >> 2)) >> (i & 3) * 2 & 3;
      int entry = (Bytes.u8(block, at + 2 + i) | high << 8) * 8;
      float scale = d * (0.5f + s) * 0.25f;
      Grid.decode(GRID, entry, 8, scale, Bytes.u8(block, at + SIGNS + i), y, to + i * 8);
    }
  }
}
