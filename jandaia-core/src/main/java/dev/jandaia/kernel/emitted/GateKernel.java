package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/**
 * Scalar twins: {@code siluMultiply} and {@code geluTanhMultiply} of {@code ScalarKernels}. {@link
 * ElementLoop}: z[i] = gate(x[i])·y[i].
 */
final class GateKernel<R extends VectorRegister> extends ElementLoop<R> {
  /** Both are v·σ(w) = v/(1 + exp(−w)). */
  enum Gate {
    /** w = v. */
    SILU,
    /** w = 2·√(2/π)·(v + 0.044715·v³): v/2·(1 + tanh u) = v·σ(2u) keeps its precision at −1. */
    GELU_TANH
  }

  private final R zero = a.register(0);
  private final R values = a.register(1);
  private final R exponent = a.register(2);
  private final R powers = a.register(3);
  private final R cubic = a.register(4);
  private final R minusSqrt8OverPi = a.register(5);
  private final ExpCode<R> exp = ExpCode.of(a);
  private final Gate gate;

  private GateKernel(VectorAssembler<R> a, Gate gate) {
    super(a, 1);
    this.gate = gate;
  }

  static NativeCode of(VectorAssembler<?> a, Gate gate) {
    return new GateKernel<>(a, gate).assemble();
  }

  @Override
  void begin() {
    exp.constants();
    a.constant(cubic, 0.044715f);
    a.constant(minusSqrt8OverPi, -2 * 0.7978846f);
    a.zero(zero);
  }

  @Override
  void step(int i) {
    load(values, X, i);
    switch (gate) {
      case SILU -> a.vsubps(exponent, zero, values);
      case GELU_TANH -> {
        a.vmulps(exponent, values, values);
        a.vfmadd213ps(exponent, cubic, exp.one());
        a.vmulps(exponent, exponent, values);
        a.vmulps(exponent, exponent, minusSqrt8OverPi);
      }
    }
    exp.write(powers, exponent);
    a.vaddps(powers, powers, exp.one());
    a.vdivps(values, values, powers);
    load(powers, Y, i);
    a.vmulps(values, values, powers);
    store(Z, i, values);
  }
}
