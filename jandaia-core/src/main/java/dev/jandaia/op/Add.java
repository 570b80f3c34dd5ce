package dev.jandaia.op;

/** x + y. */
public final class Add {
  private Add() {}

  /**
   * Adds {@code y [M, C]} to {@code x [M, C]}. Without a tape the sum takes the place of x, because
   * nothing will ask for the old x again.
   */
  public static Matrix apply(Compute compute, Matrix x, Matrix y) {
    if (!compute.recording()) {
      compute.kernels().add(y.data(), 0, x.data(), 0, x.size());
      return x;
    }
    Matrix sum = compute.take(x.rows(), x.cols());
    System.arraycopy(x.data(), 0, sum.data(), 0, x.size());
    compute.kernels().add(y.data(), 0, sum.data(), 0, x.size());
    compute.record(() -> {
      compute.kernels().add(sum.grad(), 0, x.grad(), 0, x.size());
      compute.kernels().add(sum.grad(), 0, y.grad(), 0, x.size());
    });
    return sum;
  }
}
