package dev.jandaia.tensor.block;

/**
 * The codes of a super-block whose groups are {@code x ≈ d·s·q - dmin·m} with small integers s, m
 * and q ≥ 0. Each group first searches the real scale and minimum of least weighted squared error,
 * weight {@code mean|x| + |x|}: large weights matter more in a dot product. Then the scales
 * themselves are rounded, and the codes chosen again for the rounded ones.
 */
final class AffineGroups {
  // Steps of the assumed code range around the full one; wider searches gained nothing.
  private static final float FIRST_STRETCH = -1f;
  private static final float STRETCH_STEP = 0.1f;
  private static final int STRETCHES = 21;

  private final int[] scales;
  private final int[] mins;
  private final int[] codes;
  private final float d;
  private final float dmin;

  /** A group as {@code scale·q - min}, both ≥ 0. */
  private record Line(float scale, float min) {
    int code(float x, int most) {
      return scale == 0 ? 0 : Range.roundClamped((x + min) / scale, 0, most);
    }
  }

  private AffineGroups(int[] scales, int[] mins, int[] codes, float d, float dmin) {
    this.scales = scales;
    this.mins = mins;
    this.codes = codes;
    this.d = d;
    this.dmin = dmin;
  }

  /**
   * Fits {@code groups} groups of {@code size} values.
   *
   * @param most the greatest code
   * @param mostScale the greatest group scale and minimum
   */
  static AffineGroups fit(float[] x, int from, int groups, int size, int most, int mostScale) {
    Line[] lines = new Line[groups];
    float greatestScale = 0;
    float greatestMin = 0;
    for (int g = 0; g < groups; g++) {
      lines[g] = search(x, from + g * size, size, most);
      greatestScale = Math.max(greatestScale, lines[g].scale());
      greatestMin = Math.max(greatestMin, lines[g].min());
    }
    float d = asHalf(greatestScale / mostScale);
    float dmin = asHalf(greatestMin / mostScale);
    int[] scales = new int[groups];
    int[] mins = new int[groups];
    int[] codes = new int[groups * size];
    for (int g = 0; g < groups; g++) {
      scales[g] = Range.roundClamped(lines[g].scale() * Range.inverse(d), 0, mostScale);
      mins[g] = Range.roundClamped(lines[g].min() * Range.inverse(dmin), 0, mostScale);
      Line rounded = new Line(d * scales[g], dmin * mins[g]);
      for (int e = g * size; e < (g + 1) * size; e++) {
        codes[e] = rounded.code(x[from + e], most);
      }
    }
    return new AffineGroups(scales, mins, codes, d, dmin);
  }

  private static float asHalf(float x) {
    return Float.float16ToFloat(Float.floatToFloat16(x));
  }

  private static Line search(float[] x, int from, int size, int most) {
    float least = Math.min(0, Range.least(x, from, size));
    float span = Range.greatest(x, from, size) - least;
    if (span <= 0) {
      return new Line(0, -least);
    }
    float mean = meanMagnitude(x, from, size);
    Line best = new Line(span / most, -least);
    double bestError = error(x, from, size, most, mean, best);
    for (int i = 0; i < STRETCHES; i++) {
      float inverse = (most + FIRST_STRETCH + i * STRETCH_STEP) / span;
      Line line = leastSquares(x, from, size, most, mean, new Line(1 / inverse, -least));
      double error = error(x, from, size, most, mean, line);
      if (error < bestError) {
        best = line;
        bestError = error;
      }
    }
    return best;
  }

  /** The best line for the codes that {@code guess} gives; weighted normal equations. */
  private static Line leastSquares(
      float[] x, int from, int size, int most, float mean, Line guess) {
    double w = 0;
    double wx = 0;
    double wq = 0;
    double wqq = 0;
    double wxq = 0;
    for (int i = from; i < from + size; i++) {
      double weight = mean + Math.abs(x[i]);
      int q = guess.code(x[i], most);
      w += weight;
      wx += weight * x[i];
      wq += weight * q;
      wqq += weight * q * q;
      wxq += weight * x[i] * q;
    }
    double determinant = w * wqq - wq * wq;
    if (determinant <= 0) {
      return guess;
    }
    double scale = (w * wxq - wx * wq) / determinant;
    double offset = (wqq * wx - wq * wxq) / determinant;
    return offset <= 0
        ? new Line((float) scale, (float) -offset)
        : new Line((float) (wxq / wqq), 0);
  }

  private static double error(float[] x, int from, int size, int most, float mean, Line line) {
    double error = 0;
    for (int i = from; i < from + size; i++) {
      double miss = line.scale() * line.code(x[i], most) - line.min() - x[i];
      error += (mean + Math.abs(x[i])) * miss * miss;
    }
    return error;
  }

  private static float meanMagnitude(float[] x, int from, int size) {
    double sum = 0;
    for (int i = from; i < from + size; i++) {
      sum += Math.abs(x[i]);
    }
    return (float) (sum / size);
  }

  float d() {
    return d;
  }

  float dmin() {
    return dmin;
  }

  int scale(int group) {
    return scales[group];
  }

  int min(int group) {
    return mins[group];
  }

  int[] codes() {
    return codes;
  }
}
