package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * IQ3_XXS: blocks of 256 in 8 groups of 32; {@code x = ±d·(0.5 + s)/2·GRID}. Stored: d binary16, 64
 * grid indices (four elements each), then per group a word: 4 times 7 sign bits, four bits of s on
 * top.
 */
final class IQ3XXS extends BlockFormat {
  private static final byte[] GRID = Grid.load("IQ3_XXS", 4, 4, 12, 20, 28, 36, 44, 52, 62);
  private static final int WORDS = 66;

  IQ3XXS() {
    super(DType.IQ3_XXS);
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at);
    for (int g = 0; g < 8; g++) {
      int word = Bytes.i32(block, at + WORDS + g * 4);
      float scale = d * (0.5f + (word >>> 28)) * 0.5f;
      for (int i = 0; i < 8; i++) {
        int signs = Grid.evenSigns(word >> 7 * (i >> 1) & 0x7F) >> (i & 1) * 4;
        int entry = Bytes.u8(block, at + 2 + g * 8 + i) * 4;
        Grid.decode(GRID, entry, 4, scale, signs, y, to + g * 32 + i * 4);
      }
    }
  }
}
