package dev.jandaia.kernel.emitted;

import dev.jandaia.kernel.emitted.GateKernel.Gate;
import dev.jandaia.kernel.emitted.UpdateKernel.Update;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorLength;
import java.util.Objects;

/**
 * Machine code for what is done to activations element by element: those of {@code Kernels} on
 * arrays of floats, with the same arguments.
 */
public final class ElementKernels {
  private final int lanes;
  private final int pairs;
  private final NativeCode dot;
  private final NativeCode maximum;
  private final NativeCode expSum;
  private final NativeCode add;
  private final NativeCode multiply;
  private final NativeCode axpy;
  private final NativeCode scale;
  private final NativeCode scaleByGain;
  private final NativeCode silu;
  private final NativeCode geluTanh;
  private final NativeCode halves;
  private final NativeCode neighbours;
  private final LazyCode hadamard;
  private final boolean trusted;

  /** Assembles them, and tests them, for registers of a length that this processor has. */
  public ElementKernels(VectorLength length) {
    lanes = length.lanes();
    pairs = RotatePairsKernel.pairs(length);
    dot = DotKernel.code(length.assembler());
    maximum = MaximumKernel.code(length.assembler());
    expSum = ExpSumKernel.code(length.assembler());
    add = UpdateKernel.of(length.assembler(), Update.ADD);
    multiply = UpdateKernel.of(length.assembler(), Update.MULTIPLY);
    axpy = UpdateKernel.of(length.assembler(), Update.AXPY);
    scale = UpdateKernel.of(length.assembler(), Update.SCALE);
    scaleByGain = UpdateKernel.of(length.assembler(), Update.SCALE_BY_GAIN);
    silu = GateKernel.of(length.assembler(), Gate.SILU);
    geluTanh = GateKernel.of(length.assembler(), Gate.GELU_TANH);
    halves = RotateHalvesKernel.code(length.assembler());
    neighbours = RotatePairsKernel.code(length.assembler());
    hadamard = new LazyCode(1, _ -> HadamardKernel.code(length.assembler()));
    trusted = new ElementSelfTest(this).passes();
  }

  /** Whether they compute what they should on this processor. */
  public boolean areTrusted() {
    return trusted;
  }

  /** Σ a[i]·b[i]. */
  public float dot(float[] a, int ao, float[] b, int bo, int length) {
    check(a, ao, length);
    check(b, bo, length);
    return dot.call(a, b, 4L * ao, 4L * bo, length, 0);
  }

  /** The largest x[i]; −∞ when there is none. */
  public float max(float[] x, int xo, int length) {
    check(x, xo, length);
    return maximum.call(x, 4L * xo, length, 0);
  }

  /** x[i] = exp(x[i] − shift); returns Σ x[i]. */
  public float expSum(float[] x, int xo, int length, float shift) {
    check(x, xo, length);
    return expSum.call(x, 4L * xo, length, shift);
  }

  /** y[i] += x[i]. */
  public void add(float[] x, int xo, float[] y, int yo, int length) {
    update(add, x, xo, y, yo, length, 0);
  }

  /** y[i] *= x[i]. */
  public void multiply(float[] x, int xo, float[] y, int yo, int length) {
    update(multiply, x, xo, y, yo, length, 0);
  }

  /** y[i] += alpha·x[i]. */
  public void axpy(float alpha, float[] x, int xo, float[] y, int yo, int length) {
    update(axpy, x, xo, y, yo, length, alpha);
  }

  private void update(
      NativeCode code, float[] x, int xo, float[] y, int yo, int length, float factor) {
    check(x, xo, length);
    check(y, yo, length);
    code.call(x, y, 4L * xo, 4L * yo, length, factor);
  }

  /** x[i] *= alpha. */
  public void scale(float alpha, float[] x, int xo, int length) {
    check(x, xo, length);
    scale.call(x, 4L * xo, length, alpha);
  }

  /** y[i] = x[i]·inverseRms·gain[i]. */
  public void scaleByGain(
      float[] x, int xo, float inverseRms, float[] gain, int go, float[] y, int yo, int length) {
    three(scaleByGain, x, xo, gain, go, y, yo, length, inverseRms);
  }

  /** out[i] = silu(gate[i])·up[i]. */
  public void siluMultiply(
      float[] gate, int go, float[] up, int uo, float[] out, int oo, int length) {
    three(silu, gate, go, up, uo, out, oo, length, 0);
  }

  /** out[i] = gelu(gate[i])·up[i]. */
  public void geluTanhMultiply(
      float[] gate, int go, float[] up, int uo, float[] out, int oo, int length) {
    three(geluTanh, gate, go, up, uo, out, oo, length, 0);
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
  public void rotateHalves(
      float[] x, int xo, float[] cos, float[] sin, int to, int half, float sign) {
    check(x, xo, 2 * half);
    check(cos, to, half);
    check(sin, to, half);
    halves.call(x, cos, sin, 4L * xo, 4L * to, 4L * to, half, sign);
  }

  /** RoPE on neighbouring pairs. */
  public void rotatePairs(
      float[] x, int xo, float[] cos, float[] sin, int to, int half, float sign) {
    check(x, xo, 2 * half);
    check(cos, to, half);
    check(sin, to, half);
    int whole = half / pairs;
    if (whole > 0) {
      neighbours.call(x, cos, sin, 4L * xo, 4L * to, 4L * to, whole, sign);
    }
    for (int i = whole * pairs; i < half; i++) {
      float a = x[xo + 2 * i];
      float b = x[xo + 2 * i + 1];
      float sine = sign * sin[to + i];
      x[xo + 2 * i] = a * cos[to + i] - b * sine;
      x[xo + 2 * i + 1] = b * cos[to + i] + a * sine;
    }
  }

  /** The fewest elements of {@link #hadamard}. */
  public int leastHadamard() {
    return lanes;
  }

  /**
   * The Walsh–Hadamard transform in place.
   *
   * @param length a power of two, at least {@link #leastHadamard}
   */
  public void hadamard(float[] x, int xo, int length) {
    check(x, xo, length);
    float factor = (float) (1 / Math.sqrt(length));
    hadamard.forRows(1).call(x, 4L * xo, length, factor);
  }

  /** Machine code does not notice the end of an array. */
  private static void check(float[] array, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, array.length);
  }
}
