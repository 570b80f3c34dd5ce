package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twins: {@code siluMultiply} and {@code geluTanhMultiply} of {@code ScalarKernels}. {@link
 * ElementLoop}: z[i] = gate(x[i])·y[i].
 */
final class GateKernel extends ElementLoop {
  /** Both are v·σ(w) = v/(1 + exp(−w)). */
  enum Gate {
    /** w = v. */
    SILU,
    /** w = 2·√(2/π)·(v + 0.044715·v³): v/2·(1 + tanh u) = v·σ(2u) keeps its precision at −1. */
    GELU_TANH
  }

  private static final Zmm ZERO = new Zmm(0);
  private static final Zmm VALUES = new Zmm(1);
  private static final Zmm EXPONENT = new Zmm(2);
  private static final Zmm POWERS = new Zmm(3);
  private static final Zmm CUBIC = new Zmm(4);
  private static final Zmm MINUS_SQRT_8_OVER_PI = new Zmm(5);

  private final Gate gate;

  private GateKernel(Gate gate) {
    super(1);
    this.gate = gate;
  }

  static NativeCode of(Gate gate) {
    return new GateKernel(gate).assemble();
  }

  @Override
  void begin() {
    ExpCode.constants(a);
    ExpCode.constant(a, CUBIC, 0.044715f);
    ExpCode.constant(a, MINUS_SQRT_8_OVER_PI, -2 * 0.7978846f);
    a.vpxord(ZERO, ZERO, ZERO);
  }

  @Override
  void step(int i) {
    load(VALUES, X, i);
    switch (gate) {
      case SILU -> a.vsubps(EXPONENT, ZERO, VALUES);
      case GELU_TANH -> {
        a.vmulps(EXPONENT, VALUES, VALUES);
        a.vfmadd213ps(EXPONENT, CUBIC, ExpCode.ONE);
        a.vmulps(EXPONENT, EXPONENT, VALUES);
        a.vmulps(EXPONENT, EXPONENT, MINUS_SQRT_8_OVER_PI);
      }
    }
    ExpCode.write(a, POWERS, EXPONENT);
    a.vaddps(POWERS, POWERS, ExpCode.ONE);
    a.vdivps(VALUES, VALUES, POWERS);
    load(POWERS, Y, i);
    a.vmulps(VALUES, VALUES, POWERS);
    store(Z, i, VALUES);
  }
}
