package dev.jandaia.kernel;

import static dev.jandaia.kernel.Samples.SIZES;
import static dev.jandaia.kernel.Samples.assertClose;
import static dev.jandaia.kernel.Samples.assertSum;
import static dev.jandaia.kernel.Samples.displaced;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel on plain arrays, each vector width against the scalar oracle. */
class VectorElementwiseTest {
  private static final Kernels ORACLE = Kernels.scalar();
  private static final double ROUNDING = 3e-7;

  static List<Kernels> widths() {
    return VectorWidths.andMachineCode();
  }

  /** A kernel that writes y from x and a parameter array. */
  private interface Update {
    void apply(Kernels kernels, float[] x, int xOffset, float[] y, int yOffset, int length);
  }

  private static void checkUpdate(Kernels fast, double tolerance, String what, Update update) {
    Samples samples = new Samples(1);
    for (int size : SIZES) {
      for (int offset : new int[] {0, 3}) {
        float[] x = displaced(samples.floats(size), offset);
        float[] expected = displaced(samples.floats(size), 2 * offset);
        float[] actual = expected.clone();
        update.apply(ORACLE, x, offset, expected, 2 * offset, size);
        update.apply(fast, x, offset, actual, 2 * offset, size);
        assertClose(expected, actual, tolerance, what + " of " + size);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void sumsOfProductsMatch(Kernels fast) {
    Samples samples = new Samples(2);
    for (int size : SIZES) {
      float[] a = displaced(samples.floats(size), 3);
      float[] b = displaced(samples.floats(size), 5);
      float dot = ORACLE.dot(a, 3, b, 5, size);
      assertSum(dot, fast.dot(a, 3, b, 5, size), size, 1, "dot of " + size);
      float squares = ORACLE.sumOfSquares(a, 3, size);
      assertSum(squares, fast.sumOfSquares(a, 3, size), 8, squares, "squares of " + size);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void updatesMatch(Kernels fast) {
    checkUpdate(fast, 0, "add", (k, x, xo, y, yo, n) -> k.add(x, xo, y, yo, n));
    checkUpdate(fast, 0, "multiply", (k, x, xo, y, yo, n) -> k.multiply(x, xo, y, yo, n));
    checkUpdate(fast, 0, "scale", (k, x, xo, y, yo, n) -> k.scale(-0.3f, y, yo, n));
  }

  @ParameterizedTest
  @MethodSource("widths")
  void axpyMatches(Kernels fast) {
    Samples samples = new Samples(12);
    for (int size : SIZES) {
      float[] x = displaced(samples.floats(size), 3);
      float[] expected = displaced(samples.floats(size), 5);
      float[] actual = expected.clone();
      ORACLE.axpy(0.7f, x, 3, expected, 5, size);
      fast.axpy(0.7f, x, 3, actual, 5, size);
      compareSums(expected, actual, 1, "axpy of " + size);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void axpyIsExactWhereNothingRounds(Kernels fast) {
    checkUpdate(
        fast,
        0,
        "axpy",
        (k, x, xo, y, yo, n) -> {
          for (int i = 0; i < n; i++) {
            x[xo + i] = i;
            y[yo + i] = -3 * i;
          }
          k.axpy(0.5f, x, xo, y, yo, n);
        });
  }

  @ParameterizedTest
  @MethodSource("widths")
  void maxMatches(Kernels fast) {
    Samples samples = new Samples(3);
    for (int size : SIZES) {
      float[] x = displaced(samples.floats(size), 3);
      assertEquals(ORACLE.max(x, 3, size), fast.max(x, 3, size));
      for (int i = 0; i < Math.min(size, 70); i++) {
        x[3 + i] = 100 + i;
        assertEquals(100 + i, fast.max(x, 3, size));
      }
    }
    float[] low = {Float.NEGATIVE_INFINITY, -3e38f};
    assertEquals(-3e38f, fast.max(low, 0, 2));
  }

  @ParameterizedTest
  @MethodSource("widths")
  void expSumMatches(Kernels fast) {
    Samples samples = new Samples(4);
    for (int size : SIZES) {
      float[] x = samples.floats(size);
      ORACLE.scale(20, x, 0, size);
      float[] expected = displaced(x, 3);
      float[] actual = expected.clone();
      float shift = ORACLE.max(x, 0, size);
      float sum = ORACLE.expSum(expected, 3, size, shift);
      assertSum(sum, fast.expSum(actual, 3, size, shift), 16, sum, "sum of " + size);
      // The shifted argument itself is rounded: an error of half a unit at 100 is 4e-6 of exp.
      assertClose(expected, actual, ROUNDING, "exp of " + size);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void expIsAccurateOverItsWholeRange(Kernels fast) {
    int size = 20_000;
    float[] expected = new float[size];
    for (int i = 0; i < size; i++) {
      expected[i] = -110 + 200f * i / size;
    }
    float[] actual = expected.clone();
    ORACLE.expSum(expected, 0, size, 0);
    fast.expSum(actual, 0, size, 0);
    assertClose(expected, actual, ROUNDING, "exp");
  }

  @ParameterizedTest
  @MethodSource("widths")
  void expOfExtremesIsExact(Kernels fast) {
    for (int size : new int[] {1, 5, 16, 33}) {
      float[] x = new float[size];
      java.util.Arrays.fill(x, Float.NEGATIVE_INFINITY);
      x[size - 1] = 0;
      assertEquals(1, fast.expSum(x, 0, size, 0));
      for (int i = 0; i < size - 1; i++) {
        assertEquals(0, x[i]);
      }
      java.util.Arrays.fill(x, Float.POSITIVE_INFINITY);
      assertEquals(Float.POSITIVE_INFINITY, fast.expSum(x, 0, size, 0));
      java.util.Arrays.fill(x, Float.NaN);
      assertTrue(Float.isNaN(fast.expSum(x, 0, size, 0)));
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void gatedActivationsMatch(Kernels fast) {
    checkUpdate(fast, 1e-6, "silu", (k, x, xo, y, yo, n) -> k.siluMultiply(y, yo, x, xo, y, yo, n));
    checkUpdate(
        fast, 2e-6, "gelu", (k, x, xo, y, yo, n) -> k.geluTanhMultiply(y, yo, x, xo, y, yo, n));
  }

  @ParameterizedTest
  @MethodSource("widths")
  void gatedActivationsAreAccurateForLargeArguments(Kernels fast) {
    float[] up = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    float[] z = {-1e30f, -200, -90, -50, -20, -8, -1e-30f, 0, 1e-40f, 3, 8, 20, 50, 90, 200, 1e9f};
    float[] expected = new float[z.length];
    float[] actual = new float[z.length];
    ORACLE.siluMultiply(z, 0, up, 0, expected, 0, z.length);
    fast.siluMultiply(z, 0, up, 0, actual, 0, z.length);
    for (int i = 0; i < z.length; i++) {
      assertEquals(expected[i], actual[i], 1e-6 * Math.abs(expected[i]) + 1e-34, "silu " + z[i]);
    }
    // At −8 the argument of the exponential is near −84: its rounding is 4e-6 of the result.
    float[] range = java.util.Arrays.copyOfRange(z, 1, z.length - 1);
    expected = new float[range.length];
    actual = new float[range.length];
    ORACLE.geluTanhMultiply(range, 0, up, 0, expected, 0, range.length);
    fast.geluTanhMultiply(range, 0, up, 0, actual, 0, range.length);
    for (int i = 0; i < range.length; i++) {
      assertEquals(
          expected[i], actual[i], 1e-6 * Math.abs(expected[i]) + 1e-14, "gelu " + range[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void scaleByGainMatches(Kernels fast) {
    checkUpdate(
        fast, 0, "gain", (k, x, xo, y, yo, n) -> k.scaleByGain(y, yo, 0.37f, x, xo, y, yo, n));
  }

  @ParameterizedTest
  @MethodSource("widths")
  void rotationsMatchAndTheNegativeAngleUndoesThem(Kernels fast) {
    Samples samples = new Samples(5);
    for (int half : new int[] {0, 1, 3, 4, 7, 8, 16, 17, 32, 33, 64}) {
      float[] cos = new float[half + 2];
      float[] sin = new float[half + 2];
      for (int i = 0; i < half; i++) {
        cos[2 + i] = (float) Math.cos(i + 1);
        sin[2 + i] = (float) Math.sin(i + 1);
      }
      float[] original = displaced(samples.floats(2 * half), 3);
      for (boolean pairs : new boolean[] {false, true}) {
        float[] expected = original.clone();
        float[] actual = original.clone();
        rotate(ORACLE, pairs, expected, cos, sin, half, 1);
        rotate(fast, pairs, actual, cos, sin, half, 1);
        assertClose(expected, actual, 0, "rotation of " + half);
        rotate(fast, pairs, actual, cos, sin, half, -1);
        for (int i = 0; i < original.length; i++) {
          assertEquals(original[i], actual[i], 1e-6f);
        }
      }
    }
  }

  private static void rotate(
      Kernels k, boolean pairs, float[] x, float[] cos, float[] sin, int half, float sign) {
    if (pairs) {
      k.rotatePairs(x, 3, cos, sin, 2, half, sign);
    } else {
      k.rotateHalves(x, 3, cos, sin, 2, half, sign);
    }
  }

  private static void compareSums(float[] expected, float[] actual, int terms, String what) {
    for (int i = 0; i < expected.length; i++) {
      assertSum(expected[i], actual[i], terms, 1, what + " [" + i + "]");
    }
  }
}
