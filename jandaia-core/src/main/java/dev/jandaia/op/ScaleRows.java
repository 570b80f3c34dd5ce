package dev.jandaia.op;

/** y[r] = s[r]·x[r]: one factor per row. */
public final class ScaleRows {
  private ScaleRows() {}

  /**
   * @param x {@code [M, C]}
   * @param factors {@code [M, 1]}
   * @return {@code [M, C]}
   */
  public static Matrix apply(Compute compute, Matrix x, Matrix factors) {
    Matrix y = compute.zeros(x.rows(), x.cols());
    for (int row = 0; row < x.rows(); row++) {
      compute
          .kernels()
          .axpy(factors.data()[row], x.data(), x.offset(row), y.data(), y.offset(row), x.cols());
    }
    if (compute.recording()) {
      compute.record(() -> backward(compute, x, factors, y));
    }
    return y;
  }

  /** dx[r] += s[r]·dy[r], ds[r] += x[r]·dy[r]. */
  private static void backward(Compute compute, Matrix x, Matrix factors, Matrix y) {
    for (int row = 0; row < x.rows(); row++) {
      int offset = x.offset(row);
      compute.kernels().axpy(factors.data()[row], y.grad(), offset, x.grad(), offset, x.cols());
      factors.grad()[row] += compute.kernels().dot(x.data(), offset, y.grad(), offset, x.cols());
    }
  }
}
