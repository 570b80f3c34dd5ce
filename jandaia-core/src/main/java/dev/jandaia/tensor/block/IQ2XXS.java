package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * IQ2_XXS: blocks of 256 in 8 groups of 32; {@code x = ±d·(0.5 + s)/4·GRID}. Stored: d binary16,
 * then per group four grid indices of a byte and a word: 4 times 7 sign bits, four bits of s on
 * top.
 */
final class IQ2XXS extends BlockFormat {
  private static final byte[] GRID = Grid.load("IQ2_XXS", 2, 8, 25, 43);

  IQ2XXS() {
    super(DType.IQ2_XXS);
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at);
    for (int g = 0; g < 8; g++) {
      long group = at + 2 + g * 8;
      int word = Bytes.i32(block, group + 4);
      float scale = d * (0.5f + (word >>> 28)) * 0.25f;
      for (int i = 0; i < 4; i++) {
        int signs = Grid.evenSigns(word >> 7 * i & 0x7F);
        int entry = Bytes.u8(block, group + i) * 8;
        Grid.decode(GRID, entry, 8, scale, signs, y, to + g * 32 + i * 8);
      }
    }
  }
}
