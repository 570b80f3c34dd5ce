package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/**
 * Scalar twin: {@code ScalarKernels.rotateHalves}. {@link ElementLoop} over the first half of x: y
 * = cosines, z = sines, factor = the sign of the angle.
 */
final class RotateHalvesKernel<R extends VectorRegister> extends ElementLoop<R> {
  private static final Gpr OTHER = Gpr.R11;
  private final R first = a.register(1);
  private final R second = a.register(2);
  private final R cosines = a.register(3);
  private final R sines = a.register(4);
  private final R rotated = a.register(5);
  private final R product = a.register(6);

  private RotateHalvesKernel(VectorAssembler<R> a) {
    super(a, 1);
  }

  static NativeCode code(VectorAssembler<?> a) {
    return new RotateHalvesKernel<>(a).assemble();
  }

  /** The distance of the halves, which the address of the first is added to when it is needed. */
  @Override
  void begin() {
    a.mov(Gpr.RCX, Mem.at(Gpr.RSP, 8));
  }

  @Override
  void step(int i) {
    a.lea(OTHER, Mem.at(X, Gpr.RCX, 4, 0));
    load(first, X, i);
    load(second, OTHER, i);
    load(cosines, Y, i);
    load(sines, Z, i);
    a.vmulps(sines, sines, factor);
    a.vmulps(rotated, first, cosines);
    a.vmulps(product, second, sines);
    a.vsubps(rotated, rotated, product);
    store(X, i, rotated);
    a.vmulps(rotated, second, cosines);
    a.vmulps(product, first, sines);
    a.vaddps(rotated, rotated, product);
    store(OTHER, i, rotated);
  }
}
