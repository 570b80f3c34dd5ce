package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GaussianCutoffTest {

  @Test
  void deviationsAreThoseOfTheNormalDistribution() {
    assertEquals(1.6448536f, GaussianCutoff.deviations(0.95));
    assertEquals(0.8416212f, GaussianCutoff.deviations(0.8));
    assertEquals(-1.2815516f, GaussianCutoff.deviations(0.1));
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void keepsWhatExceedsTheCutoffOfItsRow(Setup setup) {
    setup.run(compute -> {
      for (int width : new int[] {7, 33}) {
        for (float z : new float[] {-0.5f, 0.8f}) {
          GradientCheck check = new GradientCheck(compute, width);
          Matrix x = check.matrix(3, width);
          check.check(
              () -> GaussianCutoff.apply(compute, x, z),
              in -> {
                double[] y = new double[3 * width];
                for (int row = 0; row < 3; row++) {
                  double[] one = Arrays.copyOfRange(in[0], row * width, (row + 1) * width);
                  double mean = Arrays.stream(one).average().orElseThrow();
                  double variance =
                      Arrays.stream(one).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
                  for (int i = 0; i < width; i++) {
                    double above = one[i] - mean - z * Math.sqrt(variance);
                    y[row * width + i] = Math.max(0, above);
                  }
                }
                return y;
              });
        }
      }
    });
  }
}
