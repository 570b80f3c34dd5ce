package dev.jandaia.op;

import dev.jandaia.kernel.Workers;

/** x + y. */
public final class Add {
  private Add() {}

  /**
   * Adds {@code y [M, C]} to {@code x [M, C]}. Without a tape the sum takes the place of x, because
   * nothing will ask for the old x again.
   */
  public static Matrix apply(Compute compute, Matrix x, Matrix y) {
    if (!compute.recording()) {
      compute.addForward.run(x, y);
      return x;
    }
    Matrix sum = compute.take(x.rows(), x.cols());
    compute.forEach(
        x.rows(),
        x.cols(),
        (from, to, worker) -> {
          int offset = x.offset(from);
          int length = x.offset(to) - offset;
          System.arraycopy(x.data(), offset, sum.data(), offset, length);
          compute.kernels().add(y.data(), offset, sum.data(), offset, length);
        });
    compute.record(() -> backward(compute, x, y, sum));
    return sum;
  }

  /** dx += dSum, dy += dSum. */
  private static void backward(Compute compute, Matrix x, Matrix y, Matrix sum) {
    compute.forEach(
        x.rows(),
        x.cols(),
        (from, to, worker) -> {
          int offset = x.offset(from);
          int length = x.offset(to) - offset;
          compute.kernels().add(sum.grad(), offset, x.grad(), offset, length);
          compute.kernels().add(sum.grad(), offset, y.grad(), offset, length);
        });
  }

  /** x += y. */
  static final class Forward implements Workers.Range {
    private final Compute compute;
    private Matrix x;
    private Matrix y;

    Forward(Compute compute) {
      this.compute = compute;
    }

    void run(Matrix sum, Matrix term) {
      x = sum;
      y = term;
      compute.forEach(x.rows(), x.cols(), this);
    }

    @Override
    public void run(int from, int to, int worker) {
      int offset = x.offset(from);
      compute.kernels().add(y.data(), offset, x.data(), offset, x.offset(to) - offset);
    }
  }
}
