package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * MXFP4 (OCP Microscaling 1.0): blocks of 32, a power-of-two scale as a biased exponent byte, then
 * nibbles of four-bit floats (E2M1); {@code x = 2^(e - 128)·VALUES[q]}, the table being doubled.
 */
final class MXFP4 extends BlockFormat {
  /** Twice the E2M1 values, so that they are integers. */
  static final byte[] VALUES = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  private static final int HALF = 16;
  private static final int SIZE = 2 * HALF;
  private static final int BIAS = 127;
  // The greatest E2M1 value is 6 = 1.5·2^2.
  private static final int GREATEST_EXPONENT = 2;

  MXFP4() {
    super(DType.MXFP4);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float scale = halfScale(Bytes.u8(block, at));
    Nibbles.decode(block, at + 1, HALF, scale, VALUES, y, to);
  }

  /** Half of 2^(e - 127), which makes up for the doubled table. */
  private static float halfScale(int e) {
    return Math.scalb(1f, e - BIAS - 1);
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    int e = exponent(Math.abs(Range.peak(x, from, SIZE)));
    float scale = halfScale(e);
    int[] q = new int[SIZE];
    for (int i = 0; i < SIZE; i++) {
      q[i] = nearest(x[from + i], scale);
    }
    Bytes.putU8(block, at, e);
    Nibbles.pack(q, 0, HALF, block, at + 1);
  }

  private static int exponent(float peak) {
    if (peak == 0) {
      return 0;
    }
    // The logarithm is rounded to float first, as other writers do: a peak that is a hair below a
    // power of two counts as that power.
    float log2 = (float) (Math.log(peak) / Math.log(2));
    return Math.max(0, (int) Math.floor(log2) - GREATEST_EXPONENT + BIAS);
  }

  private static int nearest(float x, float scale) {
    int best = 0;
    for (int i = 1; i < VALUES.length; i++) {
      best = Math.abs(scale * VALUES[i] - x) < Math.abs(scale * VALUES[best] - x) ? i : best;
    }
    return best;
  }
}
