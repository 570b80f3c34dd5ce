package dev.jandaia.kernel;

import static dev.jandaia.kernel.LaneSums.EIGHT_ON;
import static dev.jandaia.kernel.LaneSums.FOUR_ON;
import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/** The exponential function and the kernels made of it. */
final class VectorExp {
  private static final float LOG2_E = 1.442695f;

  // ln 2 in two parts: n·LN2_HIGH is exact for every n that occurs.
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.1219444e-4f;

  /** Adding 1.5·2²³ leaves a float rounded to an integer, which sits in the low bits. */
  private static final float ROUNDER = 12582912f;

  /** Below this the result is smaller than the smallest normal float and becomes zero. */
  private static final float UNDERFLOW = -86.5f;

  private static final float OVERFLOW = 89f;
  private static final int ONE_BITS = Float.floatToRawIntBits(1f);
  private static final float SQRT_2_OVER_PI = 0.7978846f;
  private static final float CUBIC = 0.044715f;

  /** Elements whose powers are kept together, in the first-level cache. */
  private static final int TOGETHER = 512;

  private VectorExp() {}

  /**
   * to[i] = exp(factor·from[i] + addend).
   *
   * <p>exp(x) = 2ⁿ·exp(r), n = round(x / ln 2), |r| ≤ ln(2)/2. The Taylor polynomial of degree 7 is
   * within 6e-9 there, so rounding is what remains (about 1e-7).
   *
   * <p>Arrays go in and out, and the loop is written in one piece, of methods that the JDK makes
   * the compiler inline: a method of our own that takes a vector is called where its caller's first
   * rows were short, and then boxes it.
   */
  private static void exp(
      float[] from, int fo, float factor, float addend, float[] to, int at, int length) {
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      FloatVector x = FloatVector.fromArray(F32, from, fo + i).mul(factor).add(addend);
      FloatVector bounded = x.min(OVERFLOW).max(UNDERFLOW);
      FloatVector rounded = bounded.fma(LOG2_E, ROUNDER);
      FloatVector n = rounded.sub(ROUNDER);
      FloatVector high = n.fma(FloatVector.broadcast(F32, -LN2_HIGH), bounded);
      FloatVector r = n.fma(FloatVector.broadcast(F32, -LN2_LOW), high);
      FloatVector p = FloatVector.broadcast(F32, 1f / 5040);
      p = p.lanewise(FMA, r, 1f / 720);
      p = p.lanewise(FMA, r, 1f / 120);
      p = p.lanewise(FMA, r, 1f / 24);
      p = p.lanewise(FMA, r, 1f / 6);
      p = p.lanewise(FMA, r, 0.5f);
      p = p.lanewise(FMA, r, 1f);
      p = p.lanewise(FMA, r, 1f);
      // 2ⁿ⁻¹·2: n reaches 128, which has no exponent of its own.
      FloatVector power =
          rounded.reinterpretAsInts().sub(1).lanewise(LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      p.mul(power).mul(2f).blend(0f, x.compare(LT, UNDERFLOW)).intoArray(to, at + i);
    }
    for (; i < length; i++) {
      to[at + i] = exp(factor * from[fo + i] + addend);
    }
  }

  /** The same steps for one float: what is left of a row takes no masked vectors, which box. */
  private static float exp(float x) {
    if (x < UNDERFLOW) {
      return 0;
    }
    float bounded = Math.min(x, OVERFLOW);
    float rounded = Math.fma(bounded, LOG2_E, ROUNDER);
    float n = rounded - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, bounded));
    int power = (Float.floatToRawIntBits(rounded) - 1 << 23) + ONE_BITS;
    return polynomial(r) * Float.intBitsToFloat(power) * 2;
  }

  private static float polynomial(float r) {
    float p = 1f / 5040;
    p = Math.fma(p, r, 1f / 720);
    p = Math.fma(p, r, 1f / 120);
    p = Math.fma(p, r, 1f / 24);
    p = Math.fma(p, r, 1f / 6);
    p = Math.fma(p, r, 0.5f);
    p = Math.fma(p, r, 1f);
    return Math.fma(p, r, 1f);
  }

  /** The lanes are added as {@link LaneSums} does it, in registers. */
  static float expSum(float[] x, int xo, int length, float shift) {
    exp(x, xo, 1, -shift, x, xo, length);
    FloatVector sums = FloatVector.zero(F32);
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      sums = sums.add(FloatVector.fromArray(F32, x, xo + i));
    }
    if (COUNT > 8) {
      sums = sums.add(sums.rearrange(EIGHT_ON));
    }
    if (COUNT > 4) {
      sums = sums.add(sums.rearrange(FOUR_ON));
    }
    float sum = (sums.lane(0) + sums.lane(2)) + (sums.lane(1) + sums.lane(3));
    for (; i < length; i++) {
      sum += x[xo + i];
    }
    return sum;
  }

  static void siluMultiply(
      float[] gate, int go, float[] up, int uo, float[] out, int oo, int length) {
    float[] powers = Scratch.ofThread().powers(TOGETHER);
    for (int i = 0; i < length; i += TOGETHER) {
      int count = Math.min(TOGETHER, length - i);
      exp(gate, go + i, -1, 0, powers, 0, count);
      multiplyBySigmoid(gate, go + i, powers, up, uo + i, out, oo + i, count);
    }
  }

  /** z/2·(1 + tanh(u)) = z·σ(2u), which keeps its precision where tanh(u) is near −1. */
  static void geluTanhMultiply(
      float[] gate, int go, float[] up, int uo, float[] out, int oo, int length) {
    float[] powers = Scratch.ofThread().powers(TOGETHER);
    for (int i = 0; i < length; i += TOGETHER) {
      int count = Math.min(TOGETHER, length - i);
      tanhArguments(gate, go + i, powers, count);
      exp(powers, 0, -2, 0, powers, 0, count);
      multiplyBySigmoid(gate, go + i, powers, up, uo + i, out, oo + i, count);
    }
  }

  /** u[i] = √(2/π)·(z + 0.044715·z³). */
  private static void tanhArguments(float[] z, int zo, float[] u, int length) {
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      FloatVector value = FloatVector.fromArray(F32, z, zo + i);
      value.mul(value).fma(CUBIC, 1f).mul(value).mul(SQRT_2_OVER_PI).intoArray(u, i);
    }
    for (; i < length; i++) {
      float value = z[zo + i];
      u[i] = Math.fma(value * value, CUBIC, 1) * value * SQRT_2_OVER_PI;
    }
  }

  /** out[i] = z[i]/(power[i] + 1)·up[i], where power is exp(−x) for z·σ(x). */
  private static void multiplyBySigmoid(
      float[] z, int zo, float[] powers, float[] up, int uo, float[] out, int oo, int length) {
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      FloatVector value = FloatVector.fromArray(F32, z, zo + i);
      value
          .div(FloatVector.fromArray(F32, powers, i).add(1f))
          .mul(FloatVector.fromArray(F32, up, uo + i))
          .intoArray(out, oo + i);
    }
    for (; i < length; i++) {
      out[oo + i] = z[zo + i] / (powers[i] + 1) * up[uo + i];
    }
  }
}
