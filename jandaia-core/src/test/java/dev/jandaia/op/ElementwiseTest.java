package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Pointwise}, {@link SoftCap}, {@link Scale} and {@link Add}. */
class ElementwiseTest {
  private static final int[][] SIZES = {{1, 1}, {3, 7}, {2, 33}, {70, 240}};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void pointwiseAppliesEveryFunction(Setup setup) {
    setup.run(compute -> {
      for (PointFunction function : PointFunction.values()) {
        for (int[] size : SIZES) {
          GradientCheck check = new GradientCheck(compute, 1);
          Matrix x = check.matrix(size[0], size[1], z -> Math.abs(z) < 1e-3 ? 0.1 : 2 * z);
          check.check(
              () -> Pointwise.apply(compute, x, function),
              in -> Arrays.stream(in[0]).map(z -> Functions.value(function, z)).toArray());
        }
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void softCapBendsTowardsTheCap(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 2);
        Matrix x = check.matrix(size[0], size[1], z -> 3 * z);
        check.check(
            () -> SoftCap.apply(compute, x, 2.5f),
            in -> Arrays.stream(in[0]).map(z -> 2.5 * Math.tanh(z / 2.5)).toArray());
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void clipStopsAtTheBound(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 6);
        // No element so close to the bound that a finite difference would cross it.
        Matrix x =
            check.matrix(size[0], size[1], z -> Math.abs(Math.abs(z) - 0.8) < 1e-3 ? 0.5 : z);
        check.check(
            () -> Clip.apply(compute, x, 0.8f),
            in -> Arrays.stream(in[0]).map(z -> Math.clamp(z, -0.8f, 0.8f)).toArray());
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void learnedScaleMultiplies(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 7);
        Matrix x = check.matrix(size[0], size[1]);
        VectorParameter scale = check.vector(1);
        check.check(
            () -> LearnedScale.apply(compute, x, scale),
            in -> Arrays.stream(in[0]).map(z -> in[1][0] * z).toArray());
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void scaleMultiplies(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 3);
        Matrix x = check.matrix(size[0], size[1]);
        check.check(
            () -> Scale.apply(compute, x, -0.75f),
            in -> Arrays.stream(in[0]).map(z -> -0.75 * z).toArray());
        check.check(() -> Scale.apply(compute, x, 1), in -> in[0]);
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void addSums(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 4);
        Matrix x = check.matrix(size[0], size[1]);
        Matrix y = check.matrix(size[0], size[1]);
        check.check(
            () -> Add.apply(compute, x, y),
            in -> {
              double[] sum = in[0].clone();
              Arrays.setAll(sum, i -> in[0][i] + in[1][i]);
              return sum;
            });
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void addOfAMatrixToItselfHasTwiceTheSlope(Setup setup) {
    setup.run(compute -> {
      GradientCheck check = new GradientCheck(compute, 5);
      Matrix x = check.matrix(3, 7);
      check.check(
          () -> Add.apply(compute, x, x), in -> Arrays.stream(in[0]).map(z -> 2 * z).toArray());
    });
  }

  @Test
  void addWithoutATapeReusesTheFirstMatrix() {
    Setup.all()
        .findFirst()
        .orElseThrow()
        .run(compute -> {
          Matrix x = Matrix.of(1, 2);
          Matrix y = Matrix.of(1, 2);
          Arrays.fill(y.data(), 3f);
          assertSame(x, Add.apply(compute, x, y));
          assertArrayEquals(new float[] {3, 3}, x.data());
        });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void scaleColumnsHasAFactorForEach(Setup setup) {
    setup.run(compute -> {
      GradientCheck check = new GradientCheck(compute, 9);
      Matrix x = check.matrix(4, 7);
      VectorParameter factors = check.vector(7);
      check.check(
          () -> ScaleColumns.apply(compute, x, factors),
          in -> {
            double[] y = in[0].clone();
            for (int i = 0; i < y.length; i++) {
              y[i] *= in[1][i % 7];
            }
            return y;
          });
    });
  }
}
