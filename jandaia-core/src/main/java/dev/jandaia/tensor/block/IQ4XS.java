package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * IQ4_XS: blocks of 256 in 8 groups of 32; {@code x = d·(s - 32)·VALUES[q]} with the table of
 * {@link IQ4NL} and six-bit s. Stored: d binary16, the upper two bits of each s in 16 bits, the
 * lower four in 4 bytes, then 16 bytes of nibbles per group.
 */
final class IQ4XS extends BlockFormat {
  private static final int GROUPS = 8;
  private static final int HALF = 16;
  private static final int LOW_SCALES = 4;
  private static final int CODES = 8;

  IQ4XS() {
    super(DType.IQ4_XS);
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at);
    int highScales = Bytes.u16(block, at + 2);
    for (int g = 0; g < GROUPS; g++) {
      int low = Bytes.u8(block, at + LOW_SCALES + (g >> 1)) >> (g & 1) * 4 & 0xF;
      int high = highScales >> 2 * g & 3;
      float scale = d * ((low | high << 4) - 32);
      long codes = at + CODES + g * HALF;
      Nibbles.decode(block, codes, HALF, scale, IQ4NL.VALUES, y, to + g * 2 * HALF);
    }
  }
}
