package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/** Scalar twin: {@code ScalarKernels.max}. {@link ElementLoop}: the result is the largest x[i]. */
final class MaximumKernel<R extends VectorRegister> extends ElementLoop<R> {
  private final R largest = a.register(0);
  private final R values = a.register(1);

  private MaximumKernel(VectorAssembler<R> a) {
    super(a, 1);
  }

  static NativeCode code(VectorAssembler<?> a) {
    return new MaximumKernel<>(a).assemble();
  }

  @Override
  void begin() {
    a.constant(outside, Float.NEGATIVE_INFINITY);
    a.vmovups(largest, outside);
  }

  @Override
  void step(int i) {
    load(values, X, i);
    a.vmaxps(largest, largest, values);
  }

  @Override
  void end() {
    AcrossLanes.reduce(a, largest, values, a::vmaxps);
  }
}
