package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CrossEntropyTest {
  /** M, V; the last two are work for several threads. */
  private static final int[][] SIZES = {{1, 1}, {1, 2}, {3, 7}, {9, 33}, {40, 500}, {2, 20_000}};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void lossAndGradientMatchTheFormula(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        Random random = new Random(1);
        Matrix logits = logits(size[0], size[1], random);
        int[] targets = random.ints(size[0], 0, size[1]).toArray();
        for (int row = 1; row < targets.length; row += 3) {
          targets[row] = CrossEntropy.IGNORE;
        }
        double expected = loss(logits, targets, -1, 0);
        assertEquals(
            expected, CrossEntropy.apply(compute, logits, targets), 1e-5 * expected + 1e-6);
        assertGradient(compute, logits, targets, expected);
      }
    });
  }

  private static void assertGradient(
      Compute compute, Matrix logits, int[] targets, double expected) {
    int mark = compute.mark();
    compute.startRecording();
    double recorded = CrossEntropy.apply(compute, logits, targets);
    compute.backward(mark);
    assertEquals(expected, recorded, 1e-5 * expected + 1e-6);
    double counted = Arrays.stream(targets).filter(target -> target >= 0).count();
    int step = Math.max(1, logits.size() / 150);
    for (int i = 0; i < logits.size(); i += step) {
      double h = 1e-5;
      double slope = (loss(logits, targets, i, h) - loss(logits, targets, i, -h)) / (2 * h);
      assertEquals(slope, logits.grad()[i], 2e-6 / counted, "slope " + i);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void withoutATargetThereIsNoLossAndNoGradient(Setup setup) {
    setup.run(compute -> {
      Matrix logits = logits(2, 3, new Random(1));
      compute.startRecording();
      int[] targets = {CrossEntropy.IGNORE, CrossEntropy.IGNORE};
      assertEquals(0, CrossEntropy.apply(compute, logits, targets));
      compute.backward(0);
      assertEquals(0, norm(logits.grad()));
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void farAwayLogitsDoNotOverflow(Setup setup) {
    setup.run(compute -> {
      Matrix logits = Matrix.of(1, 3);
      logits.data()[0] = 1e30f;
      logits.data()[1] = -1e30f;
      assertEquals(0, CrossEntropy.apply(compute, logits, new int[] {0}));
      assertEquals(2e30, CrossEntropy.apply(compute, logits, new int[] {1}), 1e24);
    });
  }

  @Test
  void aTargetOutsideOfTheVocabularyIsRefused() {
    Setup.all()
        .findFirst()
        .orElseThrow()
        .run(compute -> {
          Matrix logits = Matrix.of(2, 3);
          for (int target : new int[] {-1, 3}) {
            assertThrows(
                IndexOutOfBoundsException.class,
                () -> CrossEntropy.apply(compute, logits, new int[] {target, 0}));
          }
        });
  }

  private static Matrix logits(int rows, int cols, Random random) {
    Matrix logits = Matrix.of(rows, cols);
    for (int i = 0; i < logits.size(); i++) {
      logits.data()[i] = (float) (3 * random.nextGaussian());
    }
    return logits;
  }

  /** In float64, with element {@code moved} changed by {@code change}. */
  private static double loss(Matrix logits, int[] targets, int moved, double change) {
    double loss = 0;
    int counted = 0;
    for (int row = 0; row < targets.length; row++) {
      if (targets[row] != CrossEntropy.IGNORE) {
        double sum = 0;
        double target = 0;
        for (int i = 0; i < logits.cols(); i++) {
          int at = logits.offset(row) + i;
          double z = logits.data()[at] + (at == moved ? change : 0);
          sum += Math.exp(z);
          target = i == targets[row] ? z : target;
        }
        loss += Math.log(sum) - target;
        counted++;
      }
    }
    return loss / counted;
  }

  private static double norm(float[] x) {
    double squares = 0;
    for (float z : x) {
      squares += (double) z * z;
    }
    return Math.sqrt(squares);
  }
}
