package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/**
 * Scalar twin: {@code ScalarKernels.expSum}. {@link ElementLoop}: x[i] = exp(x[i] − factor); the
 * result is their sum.
 */
final class ExpSumKernel<R extends VectorRegister> extends ElementLoop<R> {
  private final R sum = a.register(0);
  private final R values = a.register(1);
  private final R powers = a.register(2);

  private final ExpCode<R> exp = ExpCode.of(a);

  private ExpSumKernel(VectorAssembler<R> a) {
    super(a, 1);
  }

  static NativeCode code(VectorAssembler<?> a) {
    return new ExpSumKernel<>(a).assemble();
  }

  @Override
  void begin() {
    exp.constants();
    a.constant(outside, Float.NEGATIVE_INFINITY);
    a.zero(sum);
  }

  @Override
  void step(int i) {
    load(values, X, i);
    a.vsubps(values, values, factor);
    exp.write(powers, values);
    store(X, i, powers);
    a.vaddps(sum, sum, powers);
  }

  @Override
  void end() {
    AcrossLanes.reduce(a, sum, values, a::vaddps);
  }
}
