package dev.jandaia.tensor.block;

/**
 * The codes of a super-block whose groups are {@code x ≈ d·s·(q - zero)} with small integers s and
 * q. Each group searches the real scale of least squared error, weighted by {@code x²}; then the
 * scales are rounded, and the codes chosen again for the rounded ones.
 */
final class SymmetricGroups {
  private static final float STRETCH_STEP = 0.1f;
  private static final int STRETCHES_EACH_WAY = 9;

  private final int[] scales;
  private final int[] codes;
  private final float d;

  private SymmetricGroups(int[] scales, int[] codes, float d) {
    this.scales = scales;
    this.codes = codes;
    this.d = d;
  }

  /**
   * Fits {@code groups} groups of {@code size} values.
   *
   * @param zero the code of 0; codes run from 0 to {@code 2·zero - 1}
   * @param scaleLimit group scales run from {@code -scaleLimit} to {@code scaleLimit - 1}
   */
  static SymmetricGroups fit(float[] x, int from, int groups, int size, int zero, int scaleLimit) {
    float[] exact = new float[groups];
    for (int g = 0; g < groups; g++) {
      exact[g] = search(x, from + g * size, size, zero);
    }
    // The range reaches one further below zero: give that end to the greatest scale.
    float d = asHalf(Range.peak(exact, 0, groups) / -scaleLimit);
    int[] scales = new int[groups];
    int[] codes = new int[groups * size];
    for (int g = 0; g < groups; g++) {
      scales[g] = Range.roundClamped(exact[g] * Range.inverse(d), -scaleLimit, scaleLimit - 1);
      float inverse = Range.inverse(d * scales[g]);
      for (int e = g * size; e < (g + 1) * size; e++) {
        codes[e] = Range.roundClamped(x[from + e] * inverse, -zero, zero - 1) + zero;
      }
    }
    return new SymmetricGroups(scales, codes, d);
  }

  private static float asHalf(float x) {
    return Float.float16ToFloat(Float.floatToFloat16(x));
  }

  /** Of the scales near peak/zero, the one whose codes, refitted, explain most of {@code Σw·x²}. */
  private static float search(float[] x, int from, int size, int zero) {
    float peak = Range.peak(x, from, size);
    if (peak == 0) {
      return 0;
    }
    float best = 0;
    double mostExplained = 0;
    for (int step = -STRETCHES_EACH_WAY; step <= STRETCHES_EACH_WAY; step++) {
      float inverse = -(zero + step * STRETCH_STEP) / peak;
      double wxq = 0;
      double wqq = 0;
      for (int i = from; i < from + size; i++) {
        int q = Range.roundClamped(x[i] * inverse, -zero, zero - 1);
        double weight = (double) x[i] * x[i];
        wxq += weight * x[i] * q;
        wqq += weight * q * q;
      }
      if (wqq > 0 && wxq * wxq / wqq > mostExplained) {
        mostExplained = wxq * wxq / wqq;
        best = (float) (wxq / wqq);
      }
    }
    return best;
  }

  float d() {
    return d;
  }

  int scale(int group) {
    return scales[group];
  }

  int code(int e) {
    return codes[e];
  }

  int[] codes() {
    return codes;
  }
}
