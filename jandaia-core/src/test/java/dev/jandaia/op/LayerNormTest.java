package dev.jandaia.op;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayerNormTest {
  private static final float EPSILON = 1e-3f;

  /** M, C; the last is work for several threads. */
  private static final int[][] SIZES = {{1, 1}, {1, 2}, {3, 5}, {2, 33}, {70, 250}};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void centresAndScales(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 1);
        Matrix x = check.matrix(size[0], size[1], z -> z + 2);
        VectorParameter w = check.vector(size[1]);
        check.check(
            () -> LayerNorm.apply(compute, x, w, Optional.empty(), EPSILON),
            in -> norm(in[0], in[1], new double[size[1]]));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void addsABias(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 2);
        Matrix x = check.matrix(size[0], size[1], z -> z - 1);
        VectorParameter w = check.vector(size[1]);
        VectorParameter b = check.vector(size[1]);
        check.check(
            () -> LayerNorm.apply(compute, x, w, Optional.of(b), EPSILON),
            in -> norm(in[0], in[1], in[2]));
      }
    });
  }

  private static double[] norm(double[] x, double[] weight, double[] bias) {
    int width = weight.length;
    double[] y = new double[x.length];
    for (int row = 0; row < x.length; row += width) {
      double mean = 0;
      double variance = 0;
      for (int i = 0; i < width; i++) {
        mean += x[row + i] / width;
      }
      for (int i = 0; i < width; i++) {
        variance += Math.pow(x[row + i] - mean, 2) / width;
      }
      for (int i = 0; i < width; i++) {
        y[row + i] = (x[row + i] - mean) / Math.sqrt(variance + EPSILON) * weight[i] + bias[i];
      }
    }
    return y;
  }
}
