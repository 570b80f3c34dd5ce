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
  public static Matrix apply(Compute compute, Matrix x, MatrixParameter weight) {
    return apply(compute, x, weight, Optional.empty());
  }

  /**
   * @param x {@code [M, in]}
   * @param weight {@code [out, in]}
   * @param bias {@code [out]}
   * @return {@code [M, out]}
   */
  public static Matrix apply(
      Compute compute, Matrix x, MatrixParameter weight, Optional<VectorParameter> bias) {
    Projections projections = Projections.of(compute);
    Matrix y = projections.add(x, weight, bias);
    projections.run();
    return y;
  }

  /** Remembers how gradients go back through one projection. */
  static void recordBackward(
      Compute compute, Matrix x, MatrixParameter weight, Optional<VectorParameter> bias, Matrix y) {
    compute.record(() -> backward(compute, x, weight, bias, y));
  }

  /** dx += dy·W, dW += dyᵀ·x, db += Σ_rows dy. */
  private static void backward(
      Compute compute, Matrix x, MatrixParameter weight, Optional<VectorParameter> bias, Matrix y) {
    int in = x.cols();
    int out = y.cols();
    compute.forEach(
        x.rows(),
        (long) in * out,
        (from, to, worker) ->
            weight
                .weight()
                .multiplyTransposed(
                    y.grad(), from * out, out, to - from, x.grad(), from * in, in, 0, out, 0, in));
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
                          0,
                          out,
                          x.data(),
                          0,
                          in,
                          x.rows(),
                          weight.grad(),
                          in,
                          from,
                          to));
    }
    if (bias.isPresent() && bias.get().trainable()) {
      for (int row = 0; row < y.rows(); row++) {
        compute.kernels().add(y.grad(), y.offset(row), bias.get().grad(), 0, out);
      }
    }
  }
}
