package dev.jandaia.op;

import java.util.Arrays;

/** Finds the highest of many scores without sorting them: radix selection, a byte at a time. */
final class Highest {
  private static final int BYTE = 255;

  private final int[] histogram = new int[BYTE + 1];

  /**
   * Writes the indices of the {@code k} highest of {@code n} scores to {@code out}, ascending; of
   * equals the first. Zeros of both signs are equal, NaN is above all.
   */
  void choose(float[] scores, int n, int k, int[] out, int at) {
    int threshold = 0;
    int mask = 0;
    int equals = k;
    for (int shift = 24; shift >= 0; shift -= 8) {
      Arrays.fill(histogram, 0);
      for (int i = 0; i < n; i++) {
        int order = order(scores[i]);
        if ((order & mask) == threshold) {
          histogram[order >>> shift & BYTE]++;
        }
      }
      int bucket = BYTE;
      while (histogram[bucket] < equals) {
        equals -= histogram[bucket--];
      }
      threshold |= bucket << shift;
      mask |= BYTE << shift;
    }
    for (int i = 0; i < n; i++) {
      int comparison = Integer.compareUnsigned(order(scores[i]), threshold);
      if (comparison > 0 || (comparison == 0 && equals-- > 0)) {
        out[at++] = i;
      }
    }
  }

  /** Unsigned integers in the order of the floats. */
  private static int order(float score) {
    int bits = Float.floatToRawIntBits(score + 0f);
    return bits ^ (bits >> 31 | Integer.MIN_VALUE);
  }
}
