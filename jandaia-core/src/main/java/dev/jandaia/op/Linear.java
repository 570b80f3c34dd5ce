package dev.jandaia.op;

import java.util.Optional;

/** y = x·Wᵀ + b: every projection of a model. */
public final class Linear {
  private Linear() {}

  /**
   * @param x {@code [M, in]}
   * @param weight {@code [out, in]}
   * @return {@code [M, out]}
   */
  public static Matrix apply(Compute compute, RowSource x, MatrixParameter weight) {
    return apply(compute, x, weight, Optional.empty());
  }

  /**
   * @param x {@code [M, in]}
   * @param weight {@code [out, in]}
   * @param bias {@code [out]}
   * @return {@code [M, out]}
   */
  public static Matrix apply(
      Compute compute, RowSource x, MatrixParameter weight, Optional<VectorParameter> bias) {
    Projections projections = Projections.of(compute);
    Matrix y = projections.add(x, weight, bias);
    projections.run();
    return y;
  }

  /** Remembers how gradients go back through one projection of a run of rows. */
  static void recordBackward(
      Compute compute,
      Matrix x,
      int first,
      int rows,
      MatrixParameter weight,
      Optional<VectorParameter> bias,
      Matrix y) {
    compute.record(() -> backward(compute, x, first, rows, weight, bias, y));
  }

  /** dx += dy·W, dW += dyᵀ·x, db += Σ_rows dy. */
  private static void backward(
      Compute compute,
      Matrix x,
      int first,
      int rows,
      MatrixParameter weight,
      Optional<VectorParameter> bias,
      Matrix y) {
    int in = x.cols();
    int out = y.cols();
    compute.forEach(
        rows,
        (long) in * out,
        (from, to, worker) ->
            weight
                .weight()
                .multiplyTransposed(
                    y.grad(),
                    y.offset(first + from),
                    out,
                    to - from,
                    x.grad(),
                    x.offset(first + from),
                    in,
                    0,
                    out,
                    0,
                    in));
    if (weight.trainable()) {
      compute
          .workers()
          .run(
              out,
              8,
              (from, to, worker) ->
                  compute
                      .kernels()
                      .addOuterProducts(
                          y.grad(),
                          y.offset(first),
                          out,
                          x.data(),
                          x.offset(first),
                          in,
                          rows,
                          weight.grad(),
                          in,
                          from,
                          to));
    }
    if (bias.isPresent() && bias.get().trainable()) {
      for (int row = first; row < first + rows; row++) {
        compute.kernels().add(y.grad(), y.offset(row), bias.get().grad(), 0, out);
      }
    }
  }
}
