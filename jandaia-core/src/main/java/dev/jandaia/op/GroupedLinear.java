package dev.jandaia.op;

/**
 * A projection of groups of columns, each by rows of its own: y_g = x_g·W_gᵀ. What is a block
 * diagonal matrix is stored without its zeros.
 */
public final class GroupedLinear {
  private GroupedLinear() {}

  /**
   * @param x {@code [M, groups·in]}, group after group
   * @param weight {@code [groups·out, in]}, group after group
   * @param group all rows of a group
   * @return {@code [M, groups·out]}
   */
  public static Matrix apply(
      Compute compute, Matrix x, MatrixParameter weight, HeadBands.Band group) {
    Matrix y = compute.take(x.rows(), weight.rows());
    HeadBands.multiply(compute, x, weight.cols(), weight, group, y, group.rows());
    if (compute.recording()) {
      compute.record(() -> backward(compute, x, weight, group.rows(), y));
    }
    return y;
  }

  /** dx_g += dy_g·W_g, dW_g += dy_gᵀ·x_g. */
  private static void backward(
      Compute compute, Matrix x, MatrixParameter weight, int out, Matrix y) {
    int in = weight.cols();
    compute.forEach(
        weight.rows() / out,
        (long) x.rows() * out * in,
        (from, to, worker) -> {
          for (int g = from; g < to; g++) {
            int end = (g + 1) * out;
            weight
                .weight()
                .multiplyTransposed(
                    y.grad(), g * out, y.cols(), x.rows(), x.grad(), g * in, x.cols(), g * out, end,
                    0, in);
            if (weight.trainable()) {
              compute
                  .kernels()
                  .addOuterProducts(
                      y.grad(),
                      0,
                      y.cols(),
                      x.data(),
                      g * in,
                      x.cols(),
                      x.rows(),
                      weight.grad(),
                      in,
                      g * out,
                      end);
            }
          }
        });
  }
}
