package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/** Scalar twin: {@code ScalarKernels.dot}. {@link ElementLoop}: the result is Σ x[i]·y[i]. */
final class DotKernel<R extends VectorRegister> extends ElementLoop<R> {
  /** Sums that do not wait for each other: a multiply-add takes four cycles, two begin in each. */
  private static final int SUMS = 4;

  private DotKernel(VectorAssembler<R> a) {
    super(a, SUMS);
  }

  static NativeCode code(VectorAssembler<?> a) {
    return new DotKernel<>(a).assemble();
  }

  private R sum(int i) {
    return a.register(i);
  }

  private R x(int i) {
    return a.register(SUMS + i);
  }

  private R y(int i) {
    return a.register(2 * SUMS + i);
  }

  @Override
  void begin() {
    for (int i = 0; i < SUMS; i++) {
      a.zero(sum(i));
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
