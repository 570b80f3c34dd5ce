package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * IQ1_S: blocks of 256 in 8 groups of 32; {@code x = d·(2s + 1)·(GRID ± 1/8)} with a ternary grid.
 * Stored: d binary16, the low bytes of 32 grid indices, then per group 16 bits: 4 times 3 upper
 * index bits, three of s, the sign of the shift.
 */
final class IQ1S extends BlockFormat {
  static final byte[] GRID = Grid.load("IQ1_S", 2, -1, 0, 1);
  static final float SHIFT = 0.125f;
  private static final int HIGH = 34;

  IQ1S() {
    super(DType.IQ1_S);
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at);
    for (int g = 0; g < 8; g++) {
      int high = Bytes.u16(block, at + HIGH + g * 2);
      float scale = d * (2 * (high >> 12 & 7) + 1);
      float shift = (high & 0x8000) == 0 ? SHIFT : -SHIFT;
      for (int i = 0; i < 4; i++) {
        int index = Bytes.u8(block, at + 2 + g * 4 + i) | (high >> 3 * i & 7) << 8;
        decodeEntry(index, scale, shift, y, to + g * 32 + i * 8);
      }
    }
  }

  static void decodeEntry(int index, float scale, float shift, float[] y, int to) {
    for (int i = 0; i < 8; i++) {
      y[to + i] = scale * (GRID[index * 8 + i] + shift);
    }
  }
}
