package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;

/**
 * y = x·t/r row by row, t the root mean square of a target row and r that of x, but at least the
 * root of a floor: gives x the magnitude of the target.
 */
public final class MatchMagnitude {
  private MatchMagnitude() {}

  /**
   * @param x {@code [M, C]}
   * @param target {@code [M, C]}
   * @param floor of the mean square of x
   * @return {@code [M, C]}
   */
  public static Matrix apply(Compute compute, Matrix x, Matrix target, float floor) {
    Kernels kernels = compute.kernels();
    Matrix y = compute.take(x.rows(), x.cols());
    System.arraycopy(x.data(), 0, y.data(), 0, x.size());
    for (int row = 0; row < x.rows(); row++) {
      double t = Math.sqrt(meanSquare(kernels, target, row));
      double r = Math.sqrt(Math.max(meanSquare(kernels, x, row), floor));
      kernels.scale((float) (t / r), y.data(), y.offset(row), y.cols());
    }
    if (compute.recording()) {
      compute.record(() -> {
        for (int row = 0; row < x.rows(); row++) {
          backward(kernels, x, target, floor, y, row);
        }
      });
    }
    return y;
  }

  /**
   * With q = x·dy: dx += t/r·dy − q·t/(C·r³)·x, the second term only above the floor; dTarget +=
   * q/(C·r·t)·target.
   */
  private static void backward(
      Kernels kernels, Matrix x, Matrix target, float floor, Matrix y, int row) {
    int at = x.offset(row);
    int width = x.cols();
    double square = meanSquare(kernels, x, row);
    double t = Math.sqrt(meanSquare(kernels, target, row));
    double r = Math.sqrt(Math.max(square, floor));
    double q = kernels.dot(x.data(), at, y.grad(), at, width);
    kernels.axpy((float) (t / r), y.grad(), at, x.grad(), at, width);
    if (square > floor) {
      kernels.axpy((float) (-q * t / (width * r * r * r)), x.data(), at, x.grad(), at, width);
    }
    if (t > 0) {
      kernels.axpy((float) (q / (width * r * t)), target.data(), at, target.grad(), at, width);
    }
  }

  private static double meanSquare(Kernels kernels, Matrix x, int row) {
    return (double) kernels.sumOfSquares(x.data(), x.offset(row), x.cols()) / x.cols();
  }
}
