package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twins: {@code add}, {@code multiply}, {@code axpy}, {@code scale} and {@code scaleByGain}
 * of {@code ScalarKernels}. {@link ElementLoop}: each element of the last array is computed from
 * one of each other.
 */
final class UpdateKernel extends ElementLoop {
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

  private static final Zmm FROM_X = new Zmm(1);
  private static final Zmm FROM_Y = new Zmm(2);

  private final Update update;

  private UpdateKernel(Update update) {
    super(1);
    this.update = update;
  }

  static NativeCode of(Update update) {
    return new UpdateKernel(update).assemble();
  }

  @Override
  void begin() {}

  @Override
  void step(int i) {
    load(FROM_X, X, i);
    if (update != Update.SCALE) {
      load(FROM_Y, Y, i);
    }
    switch (update) {
      case ADD -> {
        a.vaddps(FROM_Y, FROM_Y, FROM_X);
        store(Y, i, FROM_Y);
      }
      case MULTIPLY -> {
        a.vmulps(FROM_Y, FROM_Y, FROM_X);
        store(Y, i, FROM_Y);
      }
      case AXPY -> {
        a.vfmadd231ps(FROM_Y, FROM_X, FACTOR);
        store(Y, i, FROM_Y);
      }
      case SCALE -> {
        a.vmulps(FROM_X, FROM_X, FACTOR);
        store(X, i, FROM_X);
      }
      case SCALE_BY_GAIN -> {
        a.vmulps(FROM_X, FROM_X, FACTOR);
        a.vmulps(FROM_X, FROM_X, FROM_Y);
        store(Z, i, FROM_X);
      }
    }
  }
}
