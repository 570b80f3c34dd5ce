package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import java.util.Objects;

/**
 * Machine code for what is done to activations element by element: those of {@code Kernels} on
 * arrays of floats, with the same arguments.
 */
public final class ElementKernels {
  private static final NativeCode DOT = DotKernel.code();
  private static final NativeCode MAXIMUM = MaximumKernel.code();
  private static final NativeCode EXP_SUM = ExpSumKernel.code();
  private static final NativeCode ADD = UpdateKernel.of(UpdateKernel.Update.ADD);
  private static final NativeCode MULTIPLY = UpdateKernel.of(UpdateKernel.Update.MULTIPLY);
  private static final NativeCode AXPY = UpdateKernel.of(UpdateKernel.Update.AXPY);
  private static final NativeCode SCALE = UpdateKernel.of(UpdateKernel.Update.SCALE);
  private static final NativeCode GAIN = UpdateKernel.of(UpdateKernel.Update.SCALE_BY_GAIN);
  private static final NativeCode SILU = GateKernel.of(GateKernel.Gate.SILU);
  private static final NativeCode GELU_TANH = GateKernel.of(GateKernel.Gate.GELU_TANH);
  private static final NativeCode HALVES = RotateHalvesKernel.code();
  private static final NativeCode PAIRS = RotatePairsKernel.code();

  private static final LazyCode HADAMARD = new LazyCode(1, _ -> HadamardKernel.code());

  /** The fewest elements of {@link #hadamard}. */
  public static final int LEAST_HADAMARD = HadamardKernel.LEAST;

  private ElementKernels() {}

  /** Whether they compute what they should on this processor. */
  public static boolean areTrusted() {
    return Trust.GIVEN;
  }

  /** Asked once. */
  private static final class Trust {
    static final boolean GIVEN = ElementSelfTest.passes();
  }

  /** Σ a[i]·b[i]. */
  public static float dot(float[] a, int ao, float[] b, int bo, int length) {
    check(a, ao, length);
    check(b, bo, length);
    return DOT.call(a, b, 4L * ao, 4L * bo, length, 0);
  }

  /** The largest x[i]; −∞ when there is none. */
  public static float max(float[] x, int xo, int length) {
    check(x, xo, length);
    return MAXIMUM.call(x, 4L * xo, length, 0);
  }

  /** x[i] = exp(x[i] − shift); returns Σ x[i]. */
  public static float expSum(float[] x, int xo, int length, float shift) {
    check(x, xo, length);
    return EXP_SUM.call(x, 4L * xo, length, shift);
  }

  /** y[i] += x[i]. */
  public static void add(float[] x, int xo, float[] y, int yo, int length) {
    update(ADD, x, xo, y, yo, length, 0);
  }

  /** y[i] *= x[i]. */
  public static void multiply(float[] x, int xo, float[] y, int yo, int length) {
    update(MULTIPLY, x, xo, y, yo, length, 0);
  }

  /** y[i] += alpha·x[i]. */
  public static void axpy(float alpha, float[] x, int xo, float[] y, int yo, int length) {
    update(AXPY, x, xo, y, yo, length, alpha);
  }

  private static void update(
      NativeCode code, float[] x, int xo, float[] y, int yo, int length, float factor) {
    check(x, xo, length);
    check(y, yo, length);
    code.call(x, y, 4L * xo, 4L * yo, length, factor);
  }

  /** x[i] *= alpha. */
  public static void scale(float alpha, float[] x, int xo, int length) {
    check(x, xo, length);
    SCALE.call(x, 4L * xo, length, alpha);
  }

  /** y[i] = x[i]·inverseRms·gain[i]. */
  public static void scaleByGain(
      float[] x, int xo, float inverseRms, float[] gain, int go, float[] y, int yo, int length) {
    three(GAIN, x, xo, gain, go, y, yo, length, inverseRms);
  }

  /** out[i] = silu(gate[i])·up[i]. */
  public static void siluMultiply(
      float[] gate, int go, float[] up, int uo, float[] out, int oo, int length) {
    three(SILU, gate, go, up, uo, out, oo, length, 0);
  }

  /** out[i] = gelu(gate[i])·up[i]. */
  public static void geluTanhMultiply(
      float[] gate, int go, float[] up, int uo, float[] out, int oo, int length) {
    three(GELU_TANH, gate, go, up, uo, out, oo, length, 0);
  }

  private static void three(
      NativeCode code,
      float[] x,
      int xo,
      float[] y,
      int yo,
      float[] z,
      int zo,
      int length,
      float factor) {
    check(x, xo, length);
    check(y, yo, length);
    check(z, zo, length);
    code.call(x, y, z, 4L * xo, 4L * yo, 4L * zo, length, factor);
  }

  /** RoPE on half-split pairs. */
  public static void rotateHalves(
      float[] x, int xo, float[] cos, float[] sin, int to, int half, float sign) {
    check(x, xo, 2 * half);
    check(cos, to, half);
    check(sin, to, half);
    HALVES.call(x, cos, sin, 4L * xo, 4L * to, 4L * to, half, sign);
  }

  /** RoPE on neighbouring pairs. */
  public static void rotatePairs(
      float[] x, int xo, float[] cos, float[] sin, int to, int half, float sign) {
    check(x, xo, 2 * half);
    check(cos, to, half);
    check(sin, to, half);
    int eights = half / RotatePairsKernel.PAIRS;
    if (eights > 0) {
      PAIRS.call(x, cos, sin, 4L * xo, 4L * to, 4L * to, eights, sign);
    }
    for (int i = eights * RotatePairsKernel.PAIRS; i < half; i++) {
      float a = x[xo + 2 * i];
      float b = x[xo + 2 * i + 1];
      float sine = sign * sin[to + i];
      x[xo + 2 * i] = a * cos[to + i] - b * sine;
      x[xo + 2 * i + 1] = b * cos[to + i] + a * sine;
    }
  }

  /**
   * The Walsh–Hadamard transform in place.
   *
   * @param length a power of two, at least {@link #LEAST_HADAMARD}
   */
  public static void hadamard(float[] x, int xo, int length) {
    check(x, xo, length);
    float factor = (float) (1 / Math.sqrt(length));
    HADAMARD.forRows(1).call(x, 4L * xo, length, factor);
  }

  /** Machine code does not notice the end of an array. */
  private static void check(float[] array, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, array.length);
  }
}
