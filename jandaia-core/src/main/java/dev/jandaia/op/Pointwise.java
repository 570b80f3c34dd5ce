package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;

/** y = f(x), element by element. */
public final class Pointwise {
  private Pointwise() {}

  /** Any shape; returns a new matrix of the shape of x. */
  public static Matrix apply(Compute compute, Matrix x, PointFunction function) {
    Matrix y = compute.take(x.rows(), x.cols());
    compute.pointwiseForward.run(compute, x, function, y);
    if (compute.recording()) {
      compute.record(() -> backward(compute, x, function, y));
    }
    return y;
  }

  private static void backward(Compute compute, Matrix x, PointFunction function, Matrix y) {
    compute.forEach(
        x.size(),
        1,
        (from, to, worker) -> {
          for (int i = from; i < to; i++) {
            x.grad()[i] += y.grad()[i] * function.slope(x.data()[i]);
          }
        });
  }

  static final class Forward implements Workers.Range {
    private Kernels kernels;
    private Matrix x;
    private PointFunction function;
    private Matrix y;

    void run(Compute compute, Matrix input, PointFunction f, Matrix output) {
      kernels = compute.kernels();
      x = input;
      function = f;
      y = output;
      compute.forEach(x.size(), 1, this);
    }

    @Override
    public void run(int from, int to, int worker) {
      function.apply(kernels, x.data(), y.data(), from, to - from);
    }
  }
}
