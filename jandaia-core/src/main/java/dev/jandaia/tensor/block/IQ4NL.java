package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * IQ4_NL: blocks of 32, {@code d} binary16, then nibbles that index an uneven table, dense around
 * zero; {@code x = d·VALUES[q]}.
 */
final class IQ4NL extends BlockFormat {
  static final byte[] VALUES = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };
  private static final int HALF = 16;
  private static final int SIZE = 2 * HALF;
  private static final int STRETCHES_EACH_WAY = 7;

  IQ4NL() {
    super(DType.IQ4_NL);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    Nibbles.decode(block, at + 2, HALF, Bytes.half(block, at), VALUES, y, to);
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    float d = Float.float16ToFloat(Float.floatToFloat16(search(x, from)));
    float inverse = Range.inverse(d);
    int[] q = new int[SIZE];
    for (int i = 0; i < SIZE; i++) {
      q[i] = nearest(x[from + i] * inverse);
    }
    putScale(block, at, d);
    Nibbles.pack(q, 0, HALF, block, at + 2);
  }

  /** Tries scales that put the peak near either end of the table; least squared error wins. */
  private static float search(float[] x, int from) {
    float peak = Range.peak(x, from, SIZE);
    if (peak == 0) {
      return 0;
    }
    float best = 0;
    double mostExplained = 0;
    for (int end : new int[] {VALUES[0], VALUES[15]}) {
      for (int step = -STRETCHES_EACH_WAY; step <= STRETCHES_EACH_WAY; step++) {
        float inverse = (end + step) / peak;
        double xv = 0;
        double vv = 0;
        for (int i = from; i < from + SIZE; i++) {
          int value = VALUES[nearest(x[i] * inverse)];
          xv += (double) x[i] * value;
          vv += (double) value * value;
        }
        if (xv * xv / vv > mostExplained) {
          mostExplained = xv * xv / vv;
          best = (float) (xv / vv);
        }
      }
    }
    return best;
  }

  private static int nearest(float x) {
    int best = 0;
    for (int i = 1; i < VALUES.length; i++) {
      best = Math.abs(x - VALUES[i]) < Math.abs(x - VALUES[best]) ? i : best;
    }
    return best;
  }
}
