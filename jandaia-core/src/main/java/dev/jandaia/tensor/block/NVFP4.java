package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * NVFP4: blocks of 64 in 4 groups of 16; four scale bytes (E4M3 without sign), then 8 bytes of
 * nibbles per group; {@code x = s/2·VALUES[q]} with the doubled table of {@link MXFP4}.
 */
final class NVFP4 extends BlockFormat {
  private static final int GROUPS = 4;
  private static final int HALF = 8;
  private static final int NAN = 0x7F;

  NVFP4() {
    super(DType.NVFP4);
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    for (int g = 0; g < GROUPS; g++) {
      float scale = halfScale(Bytes.u8(block, at + g));
      long codes = at + GROUPS + g * HALF;
      Nibbles.decode(block, codes, HALF, scale, MXFP4.VALUES, y, to + g * 2 * HALF);
    }
  }

  /** The format has no NaN: readers take the NaN pattern as 0 and ignore the sign bit otherwise. */
  private static float halfScale(int bits) {
    return bits == NAN ? 0 : Float8E4M3.magnitude(bits & 0x7F) * 0.5f;
  }
}
