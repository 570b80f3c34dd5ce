package dev.jandaia.op;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroupedLinearTest {
  /** M, groups, outputs and inputs of a group; the last is work for several threads. */
  private static final int[][] SIZES = {{1, 1, 1, 1}, {3, 2, 5, 7}, {2, 4, 1, 3}, {9, 4, 24, 40}};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void eachGroupHasRowsOfItsOwn(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        int rows = size[0];
        int groups = size[1];
        int out = size[2];
        int in = size[3];
        GradientCheck check = new GradientCheck(compute, 1);
        Matrix x = check.matrix(rows, groups * in);
        MatrixParameter weight = check.weight(groups * out, in);
        HeadBands.Band group = new HeadBands.Band(0, out, out);
        check.check(
            () -> GroupedLinear.apply(compute, x, weight, group),
            inputs -> {
              double[] y = new double[rows * groups * out];
              for (int i = 0; i < y.length; i++) {
                int row = i / (groups * out);
                int feature = i % (groups * out);
                for (int c = 0; c < in; c++) {
                  double element = inputs[0][(row * groups + feature / out) * in + c];
                  y[i] += inputs[1][feature * in + c] * element;
                }
              }
              return y;
            });
      }
    });
  }
}
