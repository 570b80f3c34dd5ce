package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * TQ1_0: blocks of 256 ternary values {@code x = d·(q - 1)}, five to a byte. A byte holds the
 * fraction {@code 0.q0q1q2q3q4} in base 3, scaled to 256 and rounded up, so that multiplying by 3
 * carries the next digit out above the eighth bit. Three runs: 32 bytes of five digits, 16 of five,
 * 4 of four; digit k of byte j in a run is element {@code k·bytes + j}. {@code d} binary16 is last.
 */
final class TQ10 extends BlockFormat {
  private static final int SCALE = 52;

  TQ10() {
    super(DType.TQ1_0);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at + SCALE);
    decodeRun(block, at, 32, 5, d, y, to);
    decodeRun(block, at + 32, 16, 5, d, y, to + 160);
    decodeRun(block, at + 48, 4, 4, d, y, to + 240);
  }

  private static void decodeRun(
      MemorySegment block, long at, int bytes, int digits, float d, float[] y, int to) {
    for (int j = 0; j < bytes; j++) {
      int fraction = Bytes.u8(block, at + j);
      for (int k = 0; k < digits; k++) {
        y[to + k * bytes + j] = d * ((fraction * 3 >> 8) - 1);
        fraction = fraction * 3 & 0xFF;
      }
    }
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    float d = Math.abs(Range.peak(x, from, 256));
    float inverse = Range.inverse(d);
    encodeRun(x, from, inverse, block, at, 32, 5);
    encodeRun(x, from + 160, inverse, block, at + 32, 16, 5);
    encodeRun(x, from + 240, inverse, block, at + 48, 4, 4);
    putScale(block, at + SCALE, d);
  }

  private static void encodeRun(
      float[] x, int from, float inverse, MemorySegment block, long at, int bytes, int digits) {
    for (int j = 0; j < bytes; j++) {
      int number = 0;
      for (int k = 0; k < 5; k++) {
        int digit = k < digits ? Range.roundAway(x[from + k * bytes + j] * inverse) + 1 : 0;
        number = number * 3 + digit;
      }
      Bytes.putU8(block, at + j, (number * 256 + 242) / 243);
    }
  }
}
