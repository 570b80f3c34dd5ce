package dev.jandaia.op;

import dev.jandaia.kernel.Workers;
import java.util.Optional;

/** y = x·Wᵀ + b: every projection of a model. */
public final class Linear {
  /**
   * Output features that one thread takes at a time: whole vector registers of the repacked
   * kernels.
   */
  private static final int FEATURE_GRAIN = 32;

  /** From this many rows per thread on, threads share the rows instead of the features. */
  private static final int ROWS_PER_THREAD = 32;

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
    if (x.cols() != weight.cols()) {
      throw new IllegalArgumentException(
          "%s: expected input width %d, found %d"
              .formatted(weight.path(), weight.cols(), x.cols()));
    }
    Matrix y = compute.take(x.rows(), weight.rows());
    compute.linearForward.run(x, weight, y);
    if (bias.isPresent()) {
      addBias(compute, y, bias.get());
    }
    if (compute.recording()) {
      compute.record(() -> backward(compute, x, weight, bias, y));
    }
    return y;
  }

  private static void addBias(Compute compute, Matrix y, VectorParameter bias) {
    for (int row = 0; row < y.rows(); row++) {
      compute.kernels().add(bias.values(), 0, y.data(), y.offset(row), y.cols());
    }
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

  /**
   * The parallel loop of the forward pass: over rows when there are many, over output features when
   * there are few.
   */
  static final class Forward implements Workers.Range {
    private final Compute compute;
    private Matrix x;
    private MatrixParameter weight;
    private Matrix y;
    private boolean byRows;
    private final Workers.Range prepare = (from, to, worker) -> weight.weight().prepare(from, to);

    Forward(Compute compute) {
      this.compute = compute;
    }

    void run(Matrix input, MatrixParameter parameter, Matrix output) {
      x = input;
      weight = parameter;
      y = output;
      Workers workers = compute.workers();
      byRows = x.rows() >= ROWS_PER_THREAD * workers.count();
      long work = (long) x.rows() * weight.rows() * weight.cols();
      if (byRows) {
        if (!weight.weight().isPrepared()) {
          workers.run(weight.rows(), FEATURE_GRAIN, prepare);
        }
        compute.forEach(x.rows(), (long) weight.rows() * weight.cols(), this);
      } else if (work < 16 * 1024) {
        run(0, weight.rows(), 0);
      } else {
        workers.run(weight.rows(), FEATURE_GRAIN, this);
      }
    }

    @Override
    public void run(int from, int to, int worker) {
      int in = x.cols();
      int out = y.cols();
      if (byRows) {
        weight
            .weight()
            .multiply(x.data(), from * in, in, to - from, y.data(), from * out, out, 0, out);
      } else {
        weight.weight().multiply(x.data(), 0, in, x.rows(), y.data(), 0, out, from, to);
      }
    }
  }
}
