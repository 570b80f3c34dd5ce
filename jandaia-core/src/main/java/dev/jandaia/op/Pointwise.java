package dev.jandaia.op;

import dev.jandaia.kernel.Workers;

/** y = f(x), element by element. */
public final class Pointwise {
  private Pointwise() {}

  /** Any shape; returns a new matrix of the shape of x. */
  public static Matrix apply(Compute compute, Matrix x, PointFunction function) {
    Matrix y = compute.take(x.rows(), x.cols());
    compute.pointwiseForward.run(compute, x, function, y);
    if (compute.recording()) {
      compute.record(() -> {
        for (int i = 0; i < x.size(); i++) {
          x.grad()[i] += y.grad()[i] * function.slope(x.data()[i]);
        }
      });
    }
    return y;
  }

  static final class Forward implements Workers.Range {
    private Matrix x;
    private PointFunction function;
    private Matrix y;

    void run(Compute compute, Matrix input, PointFunction f, Matrix output) {
      x = input;
      function = f;
      y = output;
      compute.forEach(x.size(), 1, this);
    }

    @Override
    public void run(int from, int to, int worker) {
      for (int i = from; i < to; i++) {
        y.data()[i] = function.value(x.data()[i]);
      }
    }
  }
}
