package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code ScalarKernels.rotateHalves}. {@link ElementLoop} over the first half of x: y
 * = cosines, z = sines, factor = the sign of the angle.
 */
final class RotateHalvesKernel extends ElementLoop {
  private static final Gpr OTHER = Gpr.R11;
  private static final Zmm FIRST = new Zmm(1);
  private static final Zmm SECOND = new Zmm(2);
  private static final Zmm COSINES = new Zmm(3);
  private static final Zmm SINES = new Zmm(4);
  private static final Zmm ROTATED = new Zmm(5);
  private static final Zmm PRODUCT = new Zmm(6);

  private RotateHalvesKernel() {
    super(1);
  }

  static NativeCode code() {
    return new RotateHalvesKernel().assemble();
  }

  /** The distance of the halves, which the address of the first is added to when it is needed. */
  @Override
  void begin() {
    a.mov(Gpr.RCX, Mem.at(Gpr.RSP, 8));
  }

  @Override
  void step(int i) {
    a.lea(OTHER, Mem.at(X, Gpr.RCX, 4, 0));
    load(FIRST, X, i);
    load(SECOND, OTHER, i);
    load(COSINES, Y, i);
    load(SINES, Z, i);
    a.vmulps(SINES, SINES, FACTOR);
    a.vmulps(ROTATED, FIRST, COSINES);
    a.vmulps(PRODUCT, SECOND, SINES);
    a.vsubps(ROTATED, ROTATED, PRODUCT);
    store(X, i, ROTATED);
    a.vmulps(ROTATED, SECOND, COSINES);
    a.vmulps(PRODUCT, FIRST, SINES);
    a.vaddps(ROTATED, ROTATED, PRODUCT);
    store(OTHER, i, ROTATED);
  }
}
