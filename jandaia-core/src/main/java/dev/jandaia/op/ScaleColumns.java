package dev.jandaia.op;

/** y[r] = s ⊙ x[r]: one learned factor per column. */
public final class ScaleColumns {
  private ScaleColumns() {}

  /**
   * @param x {@code [M, C]}
   * @param factors {@code [C]}
   * @return {@code [M, C]}
   */
  public static Matrix apply(Compute compute, Matrix x, VectorParameter factors) {
    Matrix y = compute.take(x.rows(), x.cols());
    System.arraycopy(x.data(), 0, y.data(), 0, x.size());
    for (int row = 0; row < x.rows(); row++) {
      compute.kernels().multiply(factors.values(), 0, y.data(), y.offset(row), y.cols());
    }
    if (compute.recording()) {
      compute.record(() -> backward(x, factors, y));
    }
    return y;
  }

  /** dx[r] += s ⊙ dy[r], ds += x[r] ⊙ dy[r]. */
  private static void backward(Matrix x, VectorParameter factors, Matrix y) {
    for (int i = 0; i < x.size(); i++) {
      int col = i % x.cols();
      x.grad()[i] += factors.values()[col] * y.grad()[i];
      if (factors.trainable()) {
        factors.grad()[col] += x.data()[i] * y.grad()[i];
      }
    }
  }
}
