package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/** RoPE: (a, b) → (a·cos − b·sin, b·cos + a·sin). */
final class VectorRotation {
  private static final VectorShuffle<Float> EVENS = VectorShuffle.makeUnzip(F32, 0);
  private static final VectorShuffle<Float> ODDS = VectorShuffle.makeUnzip(F32, 1);
  private static final VectorShuffle<Float> ZIP_LOW = VectorShuffle.makeZip(F32, 0);
  private static final VectorShuffle<Float> ZIP_HIGH = VectorShuffle.makeZip(F32, 1);

  private VectorRotation() {}

  static void halves(float[] x, int xo, float[] cos, float[] sin, int to, int half, float sign) {
    int i = 0;
    for (; i <= half - COUNT; i += COUNT) {
      FloatVector a = FloatVector.fromArray(F32, x, xo + i);
      FloatVector b = FloatVector.fromArray(F32, x, xo + half + i);
      FloatVector c = FloatVector.fromArray(F32, cos, to + i);
      FloatVector s = FloatVector.fromArray(F32, sin, to + i).mul(sign);
      a.mul(c).sub(b.mul(s)).intoArray(x, xo + i);
      b.mul(c).add(a.mul(s)).intoArray(x, xo + half + i);
    }
    for (; i < half; i++) {
      rotate(x, xo + i, xo + half + i, cos[to + i], sign * sin[to + i]);
    }
  }

  static void pairs(float[] x, int xo, float[] cos, float[] sin, int to, int half, float sign) {
    int i = 0;
    for (; i <= half - COUNT; i += COUNT) {
      FloatVector low = FloatVector.fromArray(F32, x, xo + 2 * i);
      FloatVector high = FloatVector.fromArray(F32, x, xo + 2 * i + COUNT);
      FloatVector a = low.rearrange(EVENS, high);
      FloatVector b = low.rearrange(ODDS, high);
      FloatVector c = FloatVector.fromArray(F32, cos, to + i);
      FloatVector s = FloatVector.fromArray(F32, sin, to + i).mul(sign);
      FloatVector first = a.mul(c).sub(b.mul(s));
      FloatVector second = b.mul(c).add(a.mul(s));
      first.rearrange(ZIP_LOW, second).intoArray(x, xo + 2 * i);
      first.rearrange(ZIP_HIGH, second).intoArray(x, xo + 2 * i + COUNT);
    }
    for (; i < half; i++) {
      rotate(x, xo + 2 * i, xo + 2 * i + 1, cos[to + i], sign * sin[to + i]);
    }
  }

  private static void rotate(float[] x, int first, int second, float cos, float sin) {
    float a = x[first];
    float b = x[second];
    x[first] = a * cos - b * sin;
    x[second] = b * cos + a * sin;
  }
}
