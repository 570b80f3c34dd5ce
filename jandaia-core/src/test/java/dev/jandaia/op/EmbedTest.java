package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jandaia.tensor.JandaiaException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbedTest {
  private static final int[] IDS = {4, 0, 4, 2, 6, 4, 1};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void picksScaledRowsAndAddsUpTheGradientsOfRepeatedIds(Setup setup) {
    setup.run(compute -> {
      for (int width : new int[] {1, 5, 32}) {
        for (float scale : new float[] {1, 2.5f}) {
          GradientCheck check = new GradientCheck(compute, width);
          MatrixParameter table = check.weight(7, width);
          check.check(
              () -> Embed.apply(compute, IDS, IDS.length - 1, table, scale),
              in -> rows(in[0], IDS.length - 1, width, scale));
        }
      }
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 7, Integer.MAX_VALUE})
  void idsOutsideOfTheTableAreRefused(int id) {
    Setup.all()
        .findFirst()
        .orElseThrow()
        .run(compute -> {
          MatrixParameter table = new GradientCheck(compute, 1).weight(7, 2);
          JandaiaException thrown =
              assertThrows(
                  JandaiaException.class,
                  () -> Embed.apply(compute, new int[] {3, id}, 2, table, 1));
          assertEquals("w: expected ids in 0..6, found " + id, thrown.getMessage());
        });
  }

  private static double[] rows(double[] table, int count, int width, double scale) {
    double[] y = new double[count * width];
    for (int i = 0; i < y.length; i++) {
      y[i] = scale * table[IDS[i / width] * width + i % width];
    }
    return y;
  }
}
