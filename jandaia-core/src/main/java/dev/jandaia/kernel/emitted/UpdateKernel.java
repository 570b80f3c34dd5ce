package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/**
 * Scalar twins: {@code add}, {@code multiply}, {@code axpy}, {@code scale} and {@code scaleByGain}
 * of {@code ScalarKernels}. {@link ElementLoop}: each element of the last array is computed from
 * one of each other.
 */
final class UpdateKernel<R extends VectorRegister> extends ElementLoop<R> {
  /** What is computed; the factor is the float that is passed. */
  enum Update {
    /** y += x. */
    ADD,
    /** y *= x. */
    MULTIPLY,
    /** y += factor·x. */
    AXPY,
    /** x *= factor. */
    SCALE,
    /** z = x·factor·y. */
    SCALE_BY_GAIN
  }

  private final R fromX = a.register(1);
  private final R fromY = a.register(2);

  private final Update update;

  private UpdateKernel(VectorAssembler<R> a, Update update) {
    super(a, 1);
    this.update = update;
  }

  static NativeCode of(VectorAssembler<?> a, Update update) {
    return new UpdateKernel<>(a, update).assemble();
  }

  @Override
  void begin() {}

  @Override
  void step(int i) {
    load(fromX, X, i);
    if (update != Update.SCALE) {
      load(fromY, Y, i);
    }
    switch (update) {
      case ADD -> {
        a.vaddps(fromY, fromY, fromX);
        store(Y, i, fromY);
      }
      case MULTIPLY -> {
        a.vmulps(fromY, fromY, fromX);
        store(Y, i, fromY);
      }
      case AXPY -> {
        a.vfmadd231ps(fromY, fromX, factor);
        store(Y, i, fromY);
      }
      case SCALE -> {
        a.vmulps(fromX, fromX, factor);
        store(X, i, fromX);
      }
      case SCALE_BY_GAIN -> {
        a.vmulps(fromX, fromX, factor);
        a.vmulps(fromX, fromX, fromY);
        store(Z, i, fromX);
      }
    }
  }
}
