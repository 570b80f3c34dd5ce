package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProjectionsTest {
  /** M, in, and the outputs of each projection: one, odd, for several threads, by rows. */
  private static final int[][] SIZES = {
    {1, 1, 1, 1},
    {1, 7, 5, 3, 1},
    {3, 13, 9, 40},
    {1, 130, 260, 33, 1, 96},
    {5, 130, 130, 64},
    {70, 65, 96, 7, 32}
  };

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void eachMatchesAProductByItself(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        for (int wanted = 2; wanted < size.length; wanted++) {
          check(compute, size, wanted);
        }
      }
    });
  }

  /** Checks one of several projections of the same input; the others get no gradient. */
  private static void check(Compute compute, int[] size, int wanted) {
    GradientCheck check = new GradientCheck(compute, wanted);
    Matrix x = check.matrix(size[0], size[1]);
    List<MatrixParameter> weights = new ArrayList<>();
    for (int i = 2; i < size.length; i++) {
      weights.add(check.weight(size[i], size[1]));
    }
    VectorParameter bias = check.vector(size[wanted]);
    int biasInput = size.length - 1;
    check.check(
        () -> {
          Projections projections = Projections.of(compute);
          List<Matrix> results = new ArrayList<>();
          for (int i = 0; i < weights.size(); i++) {
            results.add(
                projections.add(
                    x, weights.get(i), i == wanted - 2 ? Optional.of(bias) : Optional.empty()));
          }
          projections.run();
          return results.get(wanted - 2);
        },
        in -> LinearTest.product(in[0], in[wanted - 1], in[biasInput], size[1]));
  }

  /** As the experts of a token, each behind its own gate. */
  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void inputsMayDiffer(Setup setup) {
    setup.run(compute -> {
      for (int rows : new int[] {1, 70}) {
        GradientCheck check = new GradientCheck(compute, 5);
        Matrix first = check.matrix(2, 64);
        Matrix second = check.matrix(rows, 130);
        MatrixParameter narrow = check.weight(100, 64);
        MatrixParameter wide = check.weight(300, 130);
        check.check(
            () -> {
              Projections projections = Projections.of(compute);
              projections.add(first, narrow, Optional.empty());
              Matrix y = projections.add(second, wide, Optional.empty());
              projections.add(first, narrow, Optional.empty());
              projections.run();
              return y;
            },
            in -> LinearTest.product(in[1], in[3], new double[300], 130));
      }
    });
  }

  @Test
  void whatWasBegunHasToBeRun() {
    Setup setup = Setup.all().findFirst().orElseThrow();
    setup.run(compute -> {
      GradientCheck check = new GradientCheck(compute, 3);
      Matrix x = check.matrix(2, 5);
      MatrixParameter w = check.weight(3, 5);
      Projections.of(compute).add(x, w, Optional.empty());
      IllegalStateException thrown =
          assertThrows(IllegalStateException.class, () -> Projections.of(compute));
      assertEquals("projections were begun, but not run", thrown.getMessage());
      assertEquals(3, Linear.apply(compute, x, w).cols(), "the next ones are not disturbed");
    });
  }
}
