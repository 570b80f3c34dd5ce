package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RmsNormTest {
  private static final float EPSILON = 1e-3f;

  /** M, groups per row, width of a group; the last is work for several threads. */
  private static final int[][] SIZES = {{1, 1, 1}, {3, 1, 5}, {2, 3, 7}, {1, 2, 33}, {64, 3, 96}};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void multipliesByTheWeight(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 1);
        Matrix x = check.matrix(size[0], size[1] * size[2]);
        VectorParameter w = check.vector(size[2]);
        RmsGain gain = RmsGain.weight(w);
        check.check(() -> RmsNorm.apply(compute, x, gain, EPSILON), in -> norm(in[0], in[1]));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void multipliesByOnePlusTheWeight(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 2);
        Matrix x = check.matrix(size[0], size[1] * size[2]);
        VectorParameter w = check.vector(size[2]);
        RmsGain gain = RmsGain.onePlus(w);
        check.check(
            () -> RmsNorm.apply(compute, x, gain, EPSILON),
            in -> norm(in[0], Arrays.stream(in[1]).map(z -> 1 + z).toArray()));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void worksWithoutAWeight(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        GradientCheck check = new GradientCheck(compute, 3);
        Matrix x = check.matrix(size[0], size[1] * size[2]);
        RmsGain gain = RmsGain.none(size[2]);
        double[] ones = new double[size[2]];
        Arrays.fill(ones, 1);
        check.check(() -> RmsNorm.apply(compute, x, gain, EPSILON), in -> norm(in[0], ones));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void inferenceSeesAWeightThatTrainingHasMoved(Setup setup) {
    setup.run(compute -> {
      VectorParameter w = new VectorParameter("w", new float[] {0.5f, 0.5f});
      w.makeTrainable();
      RmsGain plain = RmsGain.weight(w);
      RmsGain onePlus = RmsGain.onePlus(w);
      Matrix x = Matrix.of(1, 2);
      Arrays.fill(x.data(), 3f);
      Arrays.fill(w.values(), 2f);
      assertEquals(2, RmsNorm.apply(compute, x, plain, 0).data()[0], 1e-6);
      assertEquals(3, RmsNorm.apply(compute, x, onePlus, 0).data()[0], 1e-6);
    });
  }

  private static double[] norm(double[] x, double[] gain) {
    int width = gain.length;
    double[] y = new double[x.length];
    for (int group = 0; group < x.length; group += width) {
      double squares = 0;
      for (int i = 0; i < width; i++) {
        squares += x[group + i] * x[group + i];
      }
      for (int i = 0; i < width; i++) {
        y[group + i] = x[group + i] / Math.sqrt(squares / width + EPSILON) * gain[i];
      }
    }
    return y;
  }
}
