package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinearTest {
  /** M, in, out: one of each, odd, enough features or rows for several threads. */
  private static final int[][] SIZES = {
    {1, 1, 1}, {1, 7, 5}, {3, 13, 9}, {17, 33, 31}, {1, 130, 260}, {5, 130, 130}, {70, 65, 96}
  };

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void matchesTheMatrixProduct(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 1);
        Matrix x = check.matrix(size[0], size[1]);
        MatrixParameter w = check.weight(size[2], size[1]);
        check.check(
            () -> Linear.apply(compute, x, w),
            in -> product(in[0], in[1], new double[size[2]], size[1]));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void addsABias(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 2);
        Matrix x = check.matrix(size[0], size[1]);
        MatrixParameter w = check.weight(size[2], size[1]);
        VectorParameter b = check.vector(size[2]);
        check.check(
            () -> Linear.apply(compute, x, w, Optional.of(b)),
            in -> product(in[0], in[1], in[2], size[1]));
      }
    });
  }

  @Test
  void anInputOfAnotherWidthIsRefused() {
    Setup.all()
        .findFirst()
        .orElseThrow()
        .run(compute -> {
          GradientCheck check = new GradientCheck(compute, 3);
          Matrix x = check.matrix(2, 4);
          MatrixParameter w = check.weight(3, 5);
          IllegalArgumentException thrown =
              assertThrows(IllegalArgumentException.class, () -> Linear.apply(compute, x, w));
          assertEquals("w: expected input width 5, found 4", thrown.getMessage());
        });
  }

  static double[] product(double[] x, double[] w, double[] bias, int in) {
    int rows = x.length / in;
    int out = bias.length;
    double[] y = new double[rows * out];
    for (int row = 0; row < rows; row++) {
      for (int r = 0; r < out; r++) {
        double sum = bias[r];
        for (int c = 0; c < in; c++) {
          sum += x[row * in + c] * w[r * in + c];
        }
        y[row * out + r] = sum;
      }
    }
    return y;
  }
}
