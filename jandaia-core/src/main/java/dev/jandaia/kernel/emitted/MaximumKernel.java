package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/** Scalar twin: {@code ScalarKernels.max}. {@link ElementLoop}: the result is the largest x[i]. */
final class MaximumKernel extends ElementLoop {
  private static final Zmm LARGEST = new Zmm(0);
  private static final Zmm VALUES = new Zmm(1);

  private MaximumKernel() {
    super(1);
  }

  static NativeCode code() {
    return new MaximumKernel().assemble();
  }

  @Override
  void begin() {
    PackedFormat.constant(a, OUTSIDE, Float.floatToRawIntBits(Float.NEGATIVE_INFINITY));
    a.vmovups(LARGEST, OUTSIDE);
  }

  @Override
  void step(int i) {
    load(VALUES, X, i);
    a.vmaxps(LARGEST, LARGEST, VALUES);
  }

  @Override
  void end() {
    AcrossLanes.reduce(a, LARGEST, VALUES, a::vmaxps);
  }
}
