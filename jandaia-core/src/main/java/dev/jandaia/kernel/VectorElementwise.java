package dev.jandaia.kernel;

import static dev.jandaia.kernel.LaneSums.EIGHT_ON;
import static dev.jandaia.kernel.LaneSums.FOUR_ON;
import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Kernels that read each element once. Whole vectors first, then the rest one by one. */
final class VectorElementwise {
  private VectorElementwise() {}

  /**
   * Four accumulators hide the latency of the multiply-add. Their lanes are added as {@link
   * LaneSums} does it, but in registers: to find the thread's scratch memory takes as long as a
   * short product.
   */
  static float dot(float[] a, int ao, float[] b, int bo, int length) {
    FloatVector s0 = FloatVector.zero(F32);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= length - 4 * COUNT; i += 4 * COUNT) {
      s0 = step(a, ao + i, b, bo + i, s0);
      s1 = step(a, ao + i + COUNT, b, bo + i + COUNT, s1);
      s2 = step(a, ao + i + 2 * COUNT, b, bo + i + 2 * COUNT, s2);
      s3 = step(a, ao + i + 3 * COUNT, b, bo + i + 3 * COUNT, s3);
    }
    for (; i <= length - COUNT; i += COUNT) {
      s0 = step(a, ao + i, b, bo + i, s0);
    }
    FloatVector lanes = s0.add(s1).add(s2.add(s3));
    if (COUNT > 8) {
      lanes = lanes.add(lanes.rearrange(EIGHT_ON));
    }
    if (COUNT > 4) {
      lanes = lanes.add(lanes.rearrange(FOUR_ON));
    }
    float sum = (lanes.lane(0) + lanes.lane(2)) + (lanes.lane(1) + lanes.lane(3));
    for (; i < length; i++) {
      sum += a[ao + i] * b[bo + i];
    }
    return sum;
  }

  private static FloatVector step(float[] a, int ao, float[] b, int bo, FloatVector sum) {
    return load(a, ao).fma(load(b, bo), sum);
  }

  /** Where an element lies does not change how it is rounded: threads share rows of any length. */
  static void axpy(float alpha, float[] x, int xo, float[] y, int yo, int length) {
    FloatVector factor = FloatVector.broadcast(F32, alpha);
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      load(x, xo + i).fma(factor, load(y, yo + i)).intoArray(y, yo + i);
    }
    for (; i < length; i++) {
      y[yo + i] = Math.fma(x[xo + i], alpha, y[yo + i]);
    }
  }

  static void add(float[] x, int xo, float[] y, int yo, int length) {
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      load(y, yo + i).add(load(x, xo + i)).intoArray(y, yo + i);
    }
    for (; i < length; i++) {
      y[yo + i] += x[xo + i];
    }
  }

  static void multiply(float[] x, int xo, float[] y, int yo, int length) {
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      load(y, yo + i).mul(load(x, xo + i)).intoArray(y, yo + i);
    }
    for (; i < length; i++) {
      y[yo + i] *= x[xo + i];
    }
  }

  static void scale(float alpha, float[] x, int xo, int length) {
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      load(x, xo + i).mul(alpha).intoArray(x, xo + i);
    }
    for (; i < length; i++) {
      x[xo + i] *= alpha;
    }
  }

  static float max(float[] x, int xo, int length) {
    FloatVector largest = FloatVector.broadcast(F32, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      largest = largest.max(load(x, xo + i));
    }
    float max = largest.reduceLanes(VectorOperators.MAX);
    for (; i < length; i++) {
      max = Math.max(max, x[xo + i]);
    }
    return max;
  }

  static void scaleByGain(
      float[] x, int xo, float inverseRms, float[] gain, int go, float[] y, int yo, int length) {
    FloatVector factor = FloatVector.broadcast(F32, inverseRms);
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      load(x, xo + i).mul(factor).mul(load(gain, go + i)).intoArray(y, yo + i);
    }
    for (; i < length; i++) {
      y[yo + i] = x[xo + i] * inverseRms * gain[go + i];
    }
  }

  private static FloatVector load(float[] a, int offset) {
    return FloatVector.fromArray(F32, a, offset);
  }
}
