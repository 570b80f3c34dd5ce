package dev.jandaia.op;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Decay}, {@link ScaleRows}, {@link Mix} and the constant gain of {@link RmsNorm}. */
class DecayTest {
  /** Rows, heads, elements per head. */
  private static final int[][] SIZES = {{1, 1, 1}, {3, 4, 1}, {5, 2, 7}, {40, 4, 120}};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void decayIsTheExponentialOfRateTimesSoftplus(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        int width = size[1] * size[2];
        GradientCheck check = new GradientCheck(compute, 1);
        Matrix x = check.matrix(size[0], width, z -> 3 * z);
        VectorParameter logRate = check.vector(size[1]);
        check.check(
            () -> Decay.apply(compute, x, logRate),
            in -> {
              double[] y = new double[in[0].length];
              for (int i = 0; i < y.length; i++) {
                double rate = Math.exp(in[1][i % width / size[2]]);
                y[i] = Math.pow(1 + Math.exp(in[0][i]), -rate);
              }
              return y;
            });
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void scaleRowsMultipliesEachRowByItsFactor(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 2);
        Matrix x = check.matrix(size[0], size[2]);
        Matrix factors = check.matrix(size[0], 1);
        check.check(
            () -> ScaleRows.apply(compute, x, factors),
            in -> {
              double[] y = new double[in[0].length];
              for (int i = 0; i < y.length; i++) {
                y[i] = in[1][i / size[2]] * in[0][i];
              }
              return y;
            });
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void mixIsAWeightedSumInPlaceOfAnything(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 3);
        Matrix x = check.matrix(size[0], size[2]);
        Matrix y = check.matrix(size[0], size[2]);
        Matrix elsewhere = Matrix.of(size[0], size[2]);
        for (Matrix target : new Matrix[] {elsewhere, x, y}) {
          check.check(
              () -> Mix.apply(compute, target, x, 1.5f, y, -0.25f),
              in -> {
                double[] sum = new double[in[0].length];
                for (int i = 0; i < sum.length; i++) {
                  sum[i] = 1.5 * in[0][i] - 0.25 * in[1][i];
                }
                return sum;
              });
        }
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void aConstantGainMakesUnitVectors(Setup setup) {
    setup.run(compute -> {
      int dim = 6;
      GradientCheck check = new GradientCheck(compute, 4);
      Matrix x = check.matrix(5, 3 * dim);
      RmsGain gain = RmsGain.constant(dim, (float) (1 / Math.sqrt(dim)));
      check.check(
          () -> RmsNorm.apply(compute, x, gain, 0.01f / dim),
          in -> {
            double[] y = new double[in[0].length];
            for (int i = 0; i < y.length; i++) {
              double squares = 0.01f;
              for (int j = 0; j < dim; j++) {
                squares += Math.pow(in[0][i / dim * dim + j], 2);
              }
              y[i] = in[0][i] / Math.sqrt(squares);
            }
            return y;
          });
    });
  }
}
