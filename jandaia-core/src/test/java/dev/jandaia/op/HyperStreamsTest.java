package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The operations of hyper-connections, forward and backward, against their formulas in float64. */
class HyperStreamsTest {
  private static final int ROWS = 3;
  private static final int WIDTH = 5;
  private static final float EPSILON = 1e-3f;

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void copiesAreAllTheSame(Setup setup) {
    setup.run(compute -> {
      GradientCheck check = new GradientCheck(compute, 1);
      Matrix x = check.matrix(ROWS, WIDTH);
      check.check(
          () -> HyperStreams.copies(compute, x, 3),
          in -> {
            double[] y = new double[ROWS * 3 * WIDTH];
            for (int i = 0; i < y.length; i++) {
              y[i] = in[0][i / (3 * WIDTH) * WIDTH + i % WIDTH];
            }
            return y;
          });
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void streamsComeApartAndTogetherAgain(Setup setup) {
    setup.run(compute -> {
      GradientCheck check = new GradientCheck(compute, 4);
      Matrix x = check.matrix(ROWS, 3 * WIDTH);
      check.check(
          () -> {
            Matrix rows = HyperStreams.apart(compute, x, 3);
            assertEquals(ROWS * 3, rows.rows());
            assertEquals(WIDTH, rows.cols());
            Matrix back = HyperStreams.together(compute, rows, 3);
            assertEquals(ROWS, back.rows());
            return back;
          },
          in -> in[0].clone());
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void collapseIsTheWeightedSumOfStreams(Setup setup) {
    setup.run(compute -> {
      for (int n : new int[] {1, 2, 4}) {
        GradientCheck check = new GradientCheck(compute, 2);
        Matrix x = check.matrix(ROWS, n * WIDTH);
        Matrix w = check.matrix(ROWS, n * (2 + n));
        check.check(
            () -> HyperStreams.collapse(compute, x, w, n),
            in -> {
              double[] y = new double[ROWS * WIDTH];
              for (int i = 0; i < y.length; i++) {
                for (int s = 0; s < n; s++) {
                  double weight = in[1][i / WIDTH * n * (2 + n) + s];
                  y[i] += weight * in[0][(i / WIDTH * n + s) * WIDTH + i % WIDTH];
                }
              }
              return y;
            });
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void spreadAddsTheResultToTheMixedStreams(Setup setup) {
    setup.run(compute -> {
      for (int n : new int[] {1, 2, 4}) {
        GradientCheck check = new GradientCheck(compute, 3);
        Matrix x = check.matrix(ROWS, n * WIDTH);
        Matrix y = check.matrix(ROWS, WIDTH);
        Matrix w = check.matrix(ROWS, n * (2 + n));
        check.check(
            () -> HyperStreams.spread(compute, x, y, w, n), in -> spread(n, in[0], in[1], in[2]));
      }
    });
  }

  private static double[] spread(int n, double[] x, double[] y, double[] w) {
    double[] out = new double[ROWS * n * WIDTH];
    for (int row = 0; row < ROWS; row++) {
      for (int k = 0; k < n; k++) {
        for (int c = 0; c < WIDTH; c++) {
          int weights = row * n * (2 + n) + n;
          double sum = w[weights + k] * y[row * WIDTH + c];
          for (int j = 0; j < n; j++) {
            sum += w[weights + n + j * n + k] * x[(row * n + j) * WIDTH + c];
          }
          out[(row * n + k) * WIDTH + c] = sum;
        }
      }
    }
    return out;
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void weightsFollowTheirFormulas(Setup setup) {
    setup.run(compute -> {
      for (int n : new int[] {1, 2, 3}) {
        for (int iterations : new int[] {1, 2, 6}) {
          GradientCheck check = new GradientCheck(compute, 4);
          Matrix z = check.matrix(ROWS, n * (2 + n));
          VectorParameter scale = check.vector(3);
          VectorParameter base = check.vector(n * (2 + n));
          check.check(
              () -> StreamWeights.apply(compute, z, scale, base, n, iterations, EPSILON),
              in -> weights(n, iterations, in[0], in[1], in[2]));
        }
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void weightsBeforeTheHeadFollowTheirFormula(Setup setup) {
    setup.run(compute -> {
      GradientCheck check = new GradientCheck(compute, 5);
      Matrix z = check.matrix(ROWS, 4);
      VectorParameter scale = check.vector(1);
      VectorParameter base = check.vector(4);
      check.check(
          () -> StreamWeights.collapseOnly(compute, z, scale, base, EPSILON),
          in -> {
            double[] y = new double[in[0].length];
            for (int i = 0; i < y.length; i++) {
              y[i] = sigmoid(in[1][0] * in[0][i] + in[2][i % 4]) + EPSILON;
            }
            return y;
          });
    });
  }

  private static double[] weights(
      int n, int iterations, double[] z, double[] scale, double[] base) {
    double[] out = new double[z.length];
    int width = n * (2 + n);
    for (int row = 0; row < ROWS; row++) {
      double[][] mix = new double[n][n];
      for (int i = 0; i < width; i++) {
        int part = i < n ? 0 : i < 2 * n ? 1 : 2;
        double logit = scale[part] * z[row * width + i] + base[i];
        switch (part) {
          case 0 -> out[row * width + i] = sigmoid(logit) + EPSILON;
          case 1 -> out[row * width + i] = 2 * sigmoid(logit);
          default -> mix[(i - 2 * n) / n][(i - 2 * n) % n] = Math.exp(logit);
        }
      }
      balance(mix, iterations);
      for (int i = 2 * n; i < width; i++) {
        out[row * width + i] = mix[(i - 2 * n) / n][(i - 2 * n) % n];
      }
    }
    return out;
  }

  private static void balance(double[][] mix, int iterations) {
    divideRows(mix, 0);
    for (double[] row : mix) {
      for (int i = 0; i < row.length; i++) {
        row[i] += EPSILON;
      }
    }
    divideColumns(mix);
    for (int i = 1; i < iterations; i++) {
      divideRows(mix, EPSILON);
      divideColumns(mix);
    }
  }

  private static void divideRows(double[][] mix, double epsilon) {
    for (double[] row : mix) {
      double sum = epsilon;
      for (double value : row) {
        sum += value;
      }
      for (int i = 0; i < row.length; i++) {
        row[i] /= sum;
      }
    }
  }

  private static void divideColumns(double[][] mix) {
    for (int column = 0; column < mix.length; column++) {
      double sum = EPSILON;
      for (double[] row : mix) {
        sum += row[column];
      }
      for (double[] row : mix) {
        row[column] /= sum;
      }
    }
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }
}
