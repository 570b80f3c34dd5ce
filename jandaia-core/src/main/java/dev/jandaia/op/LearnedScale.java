package dev.jandaia.op;

/** y = g·x with one learned number g. */
public final class LearnedScale {
  private LearnedScale() {}

  /**
   * Scales {@code x}, of any shape. Without a tape in place, because nothing will ask for the old x
   * again.
   *
   * @param scale {@code [1]}
   */
  public static Matrix apply(Compute compute, Matrix x, VectorParameter scale) {
    Matrix y = compute.recording() ? compute.take(x.rows(), x.cols()) : x;
    float g = scale.values()[0];
    for (int i = 0; i < x.size(); i++) {
      y.data()[i] = g * x.data()[i];
    }
    if (compute.recording()) {
      compute.record(() -> backward(compute, x, scale, y));
    }
    return y;
  }

  /** dx += g·dy, dg += Σ x·dy. */
  private static void backward(Compute compute, Matrix x, VectorParameter scale, Matrix y) {
    compute.kernels().axpy(scale.values()[0], y.grad(), 0, x.grad(), 0, x.size());
    if (scale.trainable()) {
      double sum = 0;
      for (int row = 0; row < x.rows(); row++) {
        sum += compute.kernels().dot(x.data(), x.offset(row), y.grad(), y.offset(row), x.cols());
      }
      scale.grad()[0] += (float) sum;
    }
  }
}
