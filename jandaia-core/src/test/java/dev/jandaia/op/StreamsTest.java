package dev.jandaia.op;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Streams} and {@link MatchMagnitude}. */
class StreamsTest {
  private static final int N = 3;
  private static final int ROWS = 4;
  private static final int WIDTH = 5;
  private static final int STREAM = ROWS * WIDTH;

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void oneTakesTheRowsOfAStream(Setup setup) {
    setup.run(compute -> {
      GradientCheck check = new GradientCheck(compute, 1);
      Matrix x = check.matrix(N * ROWS, WIDTH);
      check.check(
          () -> Streams.one(compute, x, 2, N),
          in -> Arrays.copyOfRange(in[0], 2 * STREAM, 3 * STREAM));
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void putMakesAMatrixAStream(Setup setup) {
    setup.run(compute -> {
      GradientCheck check = new GradientCheck(compute, 2);
      Matrix first = check.matrix(ROWS, WIDTH);
      Matrix second = check.matrix(ROWS, WIDTH);
      check.check(
          () -> {
            Matrix streams = compute.take(2 * ROWS, WIDTH);
            Streams.put(compute, second, streams, 1);
            Streams.put(compute, first, streams, 0);
            return streams;
          },
          in -> {
            double[] streams = Arrays.copyOf(in[0], 2 * STREAM);
            System.arraycopy(in[1], 0, streams, STREAM, STREAM);
            return streams;
          });
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void mixPredictsEachStreamFromAll(Setup setup) {
    setup.run(compute -> {
      GradientCheck check = new GradientCheck(compute, 3);
      Matrix x = check.matrix(N * ROWS, WIDTH);
      Matrix coefficients = check.matrix(ROWS, N * N);
      check.check(
          () -> Streams.mix(compute, x, coefficients, N),
          in -> {
            double[] y = in[0].clone();
            for (int at = 0; at < y.length; at++) {
              int row = at % STREAM / WIDTH;
              for (int i = 0; i < N; i++) {
                y[at] += in[1][row * N * N + at / STREAM * N + i] * in[0][i * STREAM + at % STREAM];
              }
            }
            return y;
          });
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void correctSharesTheErrorOfTheActiveStream(Setup setup) {
    setup.run(compute -> {
      for (int active = 0; active < N; active++) {
        int a = active;
        GradientCheck check = new GradientCheck(compute, active);
        Matrix predictions = check.matrix(N * ROWS, WIDTH);
        Matrix after = check.matrix(ROWS, WIDTH);
        Matrix coefficients = check.matrix(ROWS, N);
        check.check(
            () -> {
              Matrix target = compute.take(N * ROWS, WIDTH);
              return Streams.correct(compute, target, predictions, a, after, coefficients);
            },
            in -> {
              double[] y = in[0].clone();
              for (int at = 0; at < y.length; at++) {
                int place = at % STREAM;
                double error = in[1][place] - in[0][a * STREAM + place];
                y[at] += (1 + in[2][place / WIDTH * N + at / STREAM]) * error;
              }
              return y;
            });
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void addToOthersLeavesTheFirstStream(Setup setup) {
    setup.run(compute -> {
      GradientCheck check = new GradientCheck(compute, 5);
      Matrix x = check.matrix(N * ROWS, WIDTH);
      Matrix y = check.matrix(ROWS, WIDTH);
      check.check(
          () -> Streams.addToOthers(compute, x, y, N),
          in -> {
            double[] sum = in[0].clone();
            for (int at = STREAM; at < sum.length; at++) {
              sum[at] += in[1][at % STREAM];
            }
            return sum;
          });
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void matchMagnitudeGivesTheTargetsRootMeanSquare(Setup setup) {
    setup.run(compute -> {
      for (double size : new double[] {1, 1e-3}) {
        GradientCheck check = new GradientCheck(compute, 6);
        Matrix x = check.matrix(ROWS, WIDTH, z -> size * z);
        Matrix target = check.matrix(ROWS, WIDTH);
        check.check(
            () -> MatchMagnitude.apply(compute, x, target, 1e-5f),
            in -> {
              double[] y = new double[STREAM];
              for (int at = 0; at < STREAM; at++) {
                double t = meanSquare(in[1], at / WIDTH);
                double r = Math.max(meanSquare(in[0], at / WIDTH), 1e-5f);
                y[at] = in[0][at] * Math.sqrt(t / r);
              }
              return y;
            });
      }
    });
  }

  private static double meanSquare(double[] x, int row) {
    double sum = 0;
    for (int i = row * WIDTH; i < (row + 1) * WIDTH; i++) {
      sum += x[i] * x[i] / WIDTH;
    }
    return sum;
  }
}
