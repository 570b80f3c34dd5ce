package dev.jandaia.op;

import dev.jandaia.op.CopyColumns.Groups;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link CopyColumns} and {@link Rows}. */
class ColumnsAndRowsTest {

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void copyColumnsTakesAPartOfEachHead(Setup setup) {
    setup.run(compute -> {
      for (int rows : new int[] {1, 7}) {
        GradientCheck check = new GradientCheck(compute, rows);
        Matrix source = check.matrix(rows, 3 * 5);
        check.check(
            () -> {
              Matrix target = compute.take(rows, 3 * 2);
              CopyColumns.apply(compute, source, new Groups(1, 5), target, new Groups(0, 2), 3, 2);
              return target;
            },
            in -> {
              double[] target = new double[rows * 6];
              for (int i = 0; i < target.length; i++) {
                target[i] = in[0][i / 6 * 15 + i % 6 / 2 * 5 + 1 + i % 2];
              }
              return target;
            });
      }
    });
  }

  /** As latent attention builds its keys: a part of its own for each head, then a shared one. */
  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void copyColumnsGivesOnePartToAllHeads(Setup setup) {
    setup.run(compute -> {
      for (int rows : new int[] {1, 7}) {
        GradientCheck check = new GradientCheck(compute, rows);
        Matrix own = check.matrix(rows, 3 * 2);
        Matrix shared = check.matrix(rows, 4);
        check.check(
            () -> {
              Matrix keys = compute.take(rows, 3 * 3);
              CopyColumns.apply(compute, own, new Groups(0, 2), keys, new Groups(0, 3), 3, 2);
              CopyColumns.apply(compute, shared, new Groups(3, 0), keys, new Groups(2, 3), 3, 1);
              return keys;
            },
            in -> {
              double[] keys = new double[rows * 9];
              for (int i = 0; i < keys.length; i++) {
                int row = i / 9;
                int head = i % 9 / 3;
                keys[i] = i % 3 == 2 ? in[1][row * 4 + 3] : in[0][row * 6 + head * 2 + i % 3];
              }
              return keys;
            });
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void gatherPicksRowsThatMayRepeat(Setup setup) {
    int[] rows = {9, 2, 0, 2, 3, 2, 9};
    setup.run(compute -> {
      for (int width : new int[] {1, 5, 33}) {
        GradientCheck check = new GradientCheck(compute, width);
        Matrix x = check.matrix(4, width);
        check.check(
            () -> Rows.gather(compute, x, rows, 1, 5),
            in -> {
              double[] y = new double[5 * width];
              for (int i = 0; i < y.length; i++) {
                y[i] = in[0][rows[1 + i / width] * width + i % width];
              }
              return y;
            });
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void addWeightedPutsRowsBack(Setup setup) {
    int[] rows = {9, 3, 0, 3, 9};
    int[] entries = {99, 5, 0, 2, 99};
    setup.run(compute -> {
      for (int width : new int[] {1, 5, 33}) {
        GradientCheck check = new GradientCheck(compute, width);
        Matrix x = check.matrix(3, width);
        Matrix weights = check.matrix(3, 2);
        Matrix y = check.matrix(4, width);
        check.check(
            () -> {
              Rows.addWeighted(compute, x, weights, rows, entries, 1, 3, y);
              return y;
            },
            in -> {
              double[] sum = in[2].clone();
              for (int i = 0; i < 3 * width; i++) {
                int target = rows[1 + i / width] * width + i % width;
                sum[target] += in[1][entries[1 + i / width]] * in[0][i];
              }
              return sum;
            });
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void gatherWeightedPicksRowsTimesTheirWeights(Setup setup) {
    int[] rows = {9, 3, 0, 3, 9};
    int[] entries = {99, 5, 0, 2, 99};
    setup.run(compute -> {
      for (int width : new int[] {1, 5, 33}) {
        GradientCheck check = new GradientCheck(compute, width);
        Matrix x = check.matrix(4, width);
        Matrix weights = check.matrix(3, 2);
        check.check(
            () -> Rows.gatherWeighted(compute, x, weights, rows, entries, 1, 3),
            in -> {
              double[] y = new double[3 * width];
              for (int i = 0; i < y.length; i++) {
                double element = in[0][rows[1 + i / width] * width + i % width];
                y[i] = in[1][entries[1 + i / width]] * element;
              }
              return y;
            });
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void addPutsRowsBack(Setup setup) {
    int[] rows = {9, 3, 0, 3, 9};
    setup.run(compute -> {
      for (int width : new int[] {1, 5, 33}) {
        GradientCheck check = new GradientCheck(compute, width);
        Matrix x = check.matrix(3, width);
        Matrix y = check.matrix(4, width);
        check.check(
            () -> {
              Rows.add(compute, x, rows, 1, 3, y);
              return y;
            },
            in -> {
              double[] sum = in[1].clone();
              for (int i = 0; i < 3 * width; i++) {
                sum[rows[1 + i / width] * width + i % width] += in[0][i];
              }
              return sum;
            });
      }
    });
  }
}
