package dev.jandaia.tensor.block;

/** The extremes of some values, and the rounding that the quantisers share. */
final class Range {
  private Range() {}

  /** The first value of the greatest magnitude, with its sign. */
  static float peak(float[] x, int from, int n) {
    float peak = 0;
    for (int i = from; i < from + n; i++) {
      peak = Math.abs(x[i]) > Math.abs(peak) ? x[i] : peak;
    }
    return peak;
  }

  static float least(float[] x, int from, int n) {
    float least = x[from];
    for (int i = from + 1; i < from + n; i++) {
      least = Math.min(least, x[i]);
    }
    return least;
  }

  static float greatest(float[] x, int from, int n) {
    float greatest = x[from];
    for (int i = from + 1; i < from + n; i++) {
      greatest = Math.max(greatest, x[i]);
    }
    return greatest;
  }

  /** 1/x, and 0 for a block of zeros. */
  static float inverse(float x) {
    return x == 0 ? 0 : 1 / x;
  }

  /** To the nearest integer, halves away from zero. */
  static int roundAway(float x) {
    float magnitude = Math.abs(x);
    int floor = (int) magnitude;
    int rounded = magnitude - floor >= 0.5f ? floor + 1 : floor;
    return x < 0 ? -rounded : rounded;
  }

  static int roundClamped(float x, int least, int greatest) {
    return Math.clamp(roundAway(x), least, greatest);
  }
}
