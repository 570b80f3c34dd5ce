package dev.jandaia.op;

/** a·x + b·y. */
public final class Mix {
  private Mix() {}

  /**
   * Without a tape the sum takes the place of {@code target}, which may be x or y; with one it is a
   * new matrix.
   *
   * @param x {@code [M, C]}
   * @param y {@code [M, C]}
   * @return {@code [M, C]}
   */
  public static Matrix apply(Compute compute, Matrix target, Matrix x, float a, Matrix y, float b) {
    Matrix sum = compute.recording() ? compute.take(x.rows(), x.cols()) : target;
    for (int i = 0; i < x.size(); i++) {
      sum.data()[i] = a * x.data()[i] + b * y.data()[i];
    }
    if (compute.recording()) {
      compute.record(() -> {
        compute.kernels().axpy(a, sum.grad(), 0, x.grad(), 0, x.size());
        compute.kernels().axpy(b, sum.grad(), 0, y.grad(), 0, y.size());
      });
    }
    return sum;
  }
}
