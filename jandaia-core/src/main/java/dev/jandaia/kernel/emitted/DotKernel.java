package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/** Scalar twin: {@code ScalarKernels.dot}. {@link ElementLoop}: the result is Σ x[i]·y[i]. */
final class DotKernel extends ElementLoop {
  /** Sums that do not wait for each other: a multiply-add takes four cycles, two begin in each. */
  private static final int SUMS = 4;

  private DotKernel() {
    super(SUMS);
  }

  static NativeCode code() {
    return new DotKernel().assemble();
  }

  private static Zmm sum(int i) {
    return new Zmm(i);
  }

  private static Zmm x(int i) {
    return new Zmm(SUMS + i);
  }

  private static Zmm y(int i) {
    return new Zmm(2 * SUMS + i);
  }

  @Override
  void begin() {
    for (int i = 0; i < SUMS; i++) {
      a.vpxord(sum(i), sum(i), sum(i));
    }
  }

  @Override
  void step(int i) {
    load(x(i), X, i);
    load(y(i), Y, i);
    a.vfmadd231ps(sum(i), x(i), y(i));
  }

  @Override
  void end() {
    a.vaddps(sum(0), sum(0), sum(1));
    a.vaddps(sum(2), sum(2), sum(3));
    a.vaddps(sum(0), sum(0), sum(2));
    AcrossLanes.reduce(a, sum(0), x(0), a::vaddps);
  }
}
