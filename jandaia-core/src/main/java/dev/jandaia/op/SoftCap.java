package dev.jandaia.op;

/** y = cap·tanh(x/cap), which keeps |y| below cap (Gemma 2, 2408.00118); in place. */
public final class SoftCap {
  private SoftCap() {}

  /** Caps {@code x} in place and returns it; its own value gives the slope 1 − (y/cap)². */
  public static Matrix apply(Compute compute, Matrix x, float cap) {
    for (int i = 0; i < x.size(); i++) {
      x.data()[i] = value(x.data()[i], cap);
    }
    if (compute.recording()) {
      compute.record(() -> {
        for (int i = 0; i < x.size(); i++) {
          x.grad()[i] *= slope(x.data()[i], cap);
        }
      });
    }
    return x;
  }

  /** The capped values of {@code x}, which stays as it is. */
  static Matrix copy(Compute compute, Matrix x, float cap) {
    Matrix y = compute.take(x.rows(), x.cols());
    for (int i = 0; i < x.size(); i++) {
      y.data()[i] = value(x.data()[i], cap);
    }
    if (compute.recording()) {
      compute.record(() -> {
        for (int i = 0; i < x.size(); i++) {
          x.grad()[i] += y.grad()[i] * slope(value(x.data()[i], cap), cap);
        }
      });
    }
    return y;
  }

  static float value(float x, float cap) {
    return (float) (cap * Math.tanh(x / cap));
  }

  /** ∂y/∂x in terms of y. */
  static float slope(float y, float cap) {
    float ratio = y / cap;
    return 1 - ratio * ratio;
  }
}
