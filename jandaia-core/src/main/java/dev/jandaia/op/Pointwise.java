package dev.jandaia.op;

/** y = f(x), element by element. */
public final class Pointwise {
  private Pointwise() {}

  /** Any shape; returns a new matrix of the shape of x. */
  public static Matrix apply(Compute compute, Matrix x, PointFunction function) {
    Matrix y = compute.take(x.rows(), x.cols());
    for (int i = 0; i < x.size(); i++) {
      y.data()[i] = function.value(x.data()[i]);
    }
    if (compute.recording()) {
      compute.record(() -> {
        for (int i = 0; i < x.size(); i++) {
          x.grad()[i] += y.grad()[i] * function.slope(x.data()[i]);
        }
      });
    }
    return y;
  }
}
