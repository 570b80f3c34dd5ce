package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code ScalarKernels.expSum}. {@link ElementLoop}: x[i] = exp(x[i] − factor); the
 * result is their sum.
 */
final class ExpSumKernel extends ElementLoop {
  private static final Zmm SUM = new Zmm(0);
  private static final Zmm VALUES = new Zmm(1);
  private static final Zmm POWERS = new Zmm(2);

  private ExpSumKernel() {
    super(1);
  }

  static NativeCode code() {
    return new ExpSumKernel().assemble();
  }

  @Override
  void begin() {
    ExpCode.constants(a);
    ExpCode.constant(a, OUTSIDE, Float.NEGATIVE_INFINITY);
    a.vpxord(SUM, SUM, SUM);
  }

  @Override
  void step(int i) {
    load(VALUES, X, i);
    a.vsubps(VALUES, VALUES, FACTOR);
    ExpCode.write(a, POWERS, VALUES);
    store(X, i, POWERS);
    a.vaddps(SUM, SUM, POWERS);
  }

  @Override
  void end() {
    AcrossLanes.reduce(a, SUM, VALUES, a::vaddps);
  }
}
