package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;
import static jdk.incubator.vector.VectorOperators.ADD;
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

  private VectorExp() {}

  /**
   * exp(x) = 2ⁿ·exp(r), n = round(x / ln 2), |r| ≤ ln(2)/2. The Taylor polynomial of degree 7 is
   * within 6e-9 there, so rounding is what remains (about 1e-7).
   *
   * <p>Written in one piece, of methods that the JDK makes the compiler inline: a small method of
   * our own in the middle is sometimes called, which boxes its vectors.
   */
  private static FloatVector exp(FloatVector x) {
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
    return p.mul(power).mul(2f).blend(0f, x.compare(LT, UNDERFLOW));
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

  static float expSum(float[] x, int xo, int length, float shift) {
    FloatVector sums = FloatVector.zero(F32);
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      FloatVector e = exp(FloatVector.fromArray(F32, x, xo + i).sub(shift));
      e.intoArray(x, xo + i);
      sums = sums.add(e);
    }
    float sum = sums.reduceLanes(ADD);
    for (; i < length; i++) {
      x[xo + i] = exp(x[xo + i] - shift);
      sum += x[xo + i];
    }
    return sum;
  }

  static void siluMultiply(
      float[] gate, int go, float[] up, int uo, float[] out, int oo, int length) {
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      FloatVector z = FloatVector.fromArray(F32, gate, go + i);
      silu(z).mul(FloatVector.fromArray(F32, up, uo + i)).intoArray(out, oo + i);
    }
    for (; i < length; i++) {
      float z = gate[go + i];
      out[oo + i] = z / (exp(-z) + 1) * up[uo + i];
    }
  }

  static void geluTanhMultiply(
      float[] gate, int go, float[] up, int uo, float[] out, int oo, int length) {
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      FloatVector z = FloatVector.fromArray(F32, gate, go + i);
      geluTanh(z).mul(FloatVector.fromArray(F32, up, uo + i)).intoArray(out, oo + i);
    }
    for (; i < length; i++) {
      float z = gate[go + i];
      float u = Math.fma(z * z, CUBIC, 1) * z * SQRT_2_OVER_PI;
      out[oo + i] = z / (exp(-2 * u) + 1) * up[uo + i];
    }
  }

  /** z·σ(z). */
  private static FloatVector silu(FloatVector z) {
    return z.div(exp(z.neg()).add(1f));
  }

  /** z/2·(1 + tanh(u)) = z·σ(2u), which keeps its precision where tanh(u) is near −1. */
  private static FloatVector geluTanh(FloatVector z) {
    FloatVector u = z.mul(z).fma(CUBIC, 1f).mul(z).mul(SQRT_2_OVER_PI);
    return z.div(exp(u.mul(-2f)).add(1f));
  }
}
