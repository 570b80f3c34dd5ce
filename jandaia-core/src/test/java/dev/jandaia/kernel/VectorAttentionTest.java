package dev.jandaia.kernel;

import static dev.jandaia.kernel.Samples.assertSum;
import static dev.jandaia.kernel.Samples.displaced;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The products of attention, few rows and many: each vector width and machine code against the
 * scalar oracle.
 */
class VectorAttentionTest {
  private static final Kernels ORACLE = Kernels.scalar();
  private static final int[] ROWS = {0, 1, 2, 3, 5, 11, 12, 19, 49};
  private static final int[] COUNTS = {0, 1, 3, 4, 5, 17, 63, 64, 70};
  private static final int[] DIMS = {0, 1, 7, 16, 31, 80, 128, 207};

  static List<Kernels> kernels() {
    return VectorWidths.andMachineCode();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void dotsMatch(Kernels fast) {
    Samples samples = new Samples(6);
    for (int rows : ROWS) {
      for (int count : COUNTS) {
        for (int dim : DIMS) {
          int qStride = dim + 2;
          int kStride = dim + 5;
          int outStride = count + 3;
          float[] q = displaced(samples.floats(rows * qStride), 3);
          float[] k = displaced(samples.floats(count * kStride), 2);
          float[] expected = displaced(samples.floats(rows * outStride), 4);
          float[] actual = expected.clone();
          ORACLE.dots(q, 3, qStride, rows, k, 2, kStride, count, dim, expected, 4, outStride);
          fast.dots(q, 3, qStride, rows, k, 2, kStride, count, dim, actual, 4, outStride);
          compare(expected, actual, dim, "dots %d × %d × %d".formatted(rows, count, dim));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void weightedSumsMatch(Kernels fast) {
    Samples samples = new Samples(7);
    for (int rows : ROWS) {
      for (int count : COUNTS) {
        for (int dim : DIMS) {
          int pStride = count + 1;
          int vStride = dim + 5;
          int outStride = dim + 3;
          float[] p = displaced(samples.floats(rows * pStride), 3);
          float[] v = displaced(samples.floats(count * vStride), 2);
          float[] expected = displaced(samples.floats(rows * outStride), 4);
          float[] actual = expected.clone();
          ORACLE.weightedSums(
              p, 3, pStride, rows, v, 2, vStride, count, dim, expected, 4, outStride);
          fast.weightedSums(p, 3, pStride, rows, v, 2, vStride, count, dim, actual, 4, outStride);
          compare(expected, actual, count, "sums %d × %d × %d".formatted(rows, count, dim));
        }
      }
    }
  }

  private static void compare(float[] expected, float[] actual, int terms, String what) {
    for (int i = 0; i < expected.length; i++) {
      assertSum(expected[i], actual[i], terms, 1, what + " [" + i + "]");
    }
  }
}
