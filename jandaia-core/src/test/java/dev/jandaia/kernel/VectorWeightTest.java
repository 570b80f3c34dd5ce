package dev.jandaia.kernel;

import static dev.jandaia.kernel.Samples.displaced;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Matrix products of every encoding and vector width against the scalar oracle. */
class VectorWeightTest {
  private static final Kernels ORACLE = Kernels.scalar();

  static List<Kernels> widths() {
    return VectorWidths.all();
  }

  @ParameterizedTest
  @MethodSource("widths")
  void everyEncodingMatches(Kernels fast) {
    for (DType dtype : Samples.weightTypes()) {
      int cols = Math.max(dtype.blockSize() * 3, 93 / dtype.blockSize() * dtype.blockSize());
      Pair pair = new Pair(fast, new Samples(dtype.ordinal()).matrix(dtype, 71, cols));
      for (int m : new int[] {1, 2, 13}) {
        pair.checkMultiply(m, 0, 71);
        pair.checkMultiply(m, 5, 38);
        pair.checkTransposed(m, 0, 71, 0, cols);
        pair.checkTransposed(m, 3, 40, cols / 3 + 1, cols - 1);
      }
      pair.checkRows();
    }
  }

  static List<Kernels> andMachineCode() {
    return VectorWidths.andMachineCode();
  }

  @ParameterizedTest
  @MethodSource("andMachineCode")
  void awkwardShapesMatch(Kernels fast) {
    int[][] shapes = {{1, 1}, {1, 4098}, {7, 13}, {33, 31}, {64, 64}, {65, 207}, {130, 1030}};
    for (int[] shape : shapes) {
      Pair pair = new Pair(fast, new Samples(7).matrix(DType.F32, shape[0], shape[1]));
      for (int m : new int[] {0, 1, 3, 6, 11, 12, 31}) {
        pair.checkMultiply(m, 0, shape[0]);
        pair.checkMultiply(m, shape[0] / 3, shape[0] / 3);
        pair.checkTransposed(m, 0, shape[0], 0, shape[1]);
        pair.checkTransposed(m, shape[0] / 3, shape[0], shape[1] / 2, shape[1]);
        checkOuterProducts(fast, m, shape[0], shape[1], shape[0] / 3);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void deepOuterProductsMatch(Kernels fast) {
    checkOuterProducts(fast, 1100, 200, 70, 1);
  }

  private static void checkOuterProducts(Kernels fast, int m, int rows, int cols, int fromRow) {
    Samples samples = new Samples(8);
    int dOutStride = rows + 3;
    int xStride = cols + 2;
    float[] dOut = displaced(samples.floats(m * dOutStride), 1);
    float[] x = displaced(samples.floats(m * xStride), 2);
    float[] expected = samples.floats(rows * cols);
    float[] actual = expected.clone();
    ORACLE.addOuterProducts(dOut, 1, dOutStride, x, 2, xStride, m, expected, cols, fromRow, rows);
    fast.addOuterProducts(dOut, 1, dOutStride, x, 2, xStride, m, actual, cols, fromRow, rows);
    String what = "outer products %d × %d × %d".formatted(m, rows, cols);
    for (int i = 0; i < expected.length; i++) {
      Samples.assertSum(expected[i], actual[i], m, 1, what);
    }
  }

  @ParameterizedTest
  @MethodSource("andMachineCode")
  void howRowsAreSharedDoesNotChangeABit(Kernels fast) {
    Samples samples = new Samples(13);
    for (int m : new int[] {7, 13, 40}) {
      WeightMatrix weight = fast.weight(samples.matrix(DType.F32, 300, 93));
      float[] x = samples.floats(m * 300);
      float[] y = samples.floats(m * 93);
      assertSplitsAgree(
          m,
          y,
          (from, to, part) ->
              weight.multiplyTransposed(
                  x, from * 300, 300, to - from, part, from * 93, 93, 0, 300, 0, 93));
    }
    for (int depth : new int[] {5, 600}) {
      float[] dOut = samples.floats(depth * 45);
      float[] x = samples.floats(depth * 70);
      float[] dWeight = samples.floats(45 * 70);
      assertSplitsAgree(
          45,
          dWeight,
          (from, to, part) ->
              fast.addOuterProducts(dOut, 0, 45, x, 0, 70, depth, part, 70, from, to));
    }
  }

  /** What is added to a part of the rows. */
  private interface Share {
    void add(int from, int to, float[] sums);
  }

  /** As {@link Workers} share rows: every number of threads gives what one alone gives. */
  private static void assertSplitsAgree(int rows, float[] start, Share share) {
    float[] whole = start.clone();
    share.add(0, rows, whole);
    for (int threads = 2; threads <= rows; threads++) {
      float[] parts = start.clone();
      for (int thread = 0; thread < threads; thread++) {
        share.add(rows * thread / threads, rows * (thread + 1) / threads, parts);
      }
      assertArrayEquals(whole, parts, "rows shared by " + threads);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void everyHalfHasItsValue(Kernels fast) {
    int all = 1 << 16;
    short[] bits = new short[all];
    for (int i = 0; i < all; i++) {
      bits[i] = (short) i;
    }
    MemorySegment data = MemorySegment.ofArray(new byte[2 * all]);
    data.copyFrom(MemorySegment.ofArray(bits));
    for (DType dtype : new DType[] {DType.F16, DType.BF16}) {
      float[] actual = new float[all];
      fast.weight(new Tensor("w", dtype, Shape.of(1, all), data)).decodeRow(0, actual, 0);
      for (int i = 0; i < all; i++) {
        float expected =
            dtype == DType.F16 ? Float.float16ToFloat(bits[i]) : Float.intBitsToFloat(i << 16);
        assertEquals(expected, actual[i]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void laterWritesToTheMemoryAreSeen(Kernels fast) {
    float[] values = new float[6];
    MemorySegment data = MemorySegment.ofArray(values);
    WeightMatrix weight = fast.weight(new Tensor("w", DType.F32, Shape.of(2, 3), data));
    float[] y = new float[2];
    weight.multiply(new float[] {1, 2, 3}, 0, 3, 1, y, 0, 2, 0, 2);
    assertArrayEquals(new float[] {0, 0}, y);
    values[0] = 5;
    values[5] = 7;
    weight.multiply(new float[] {1, 2, 3}, 0, 3, 1, y, 0, 2, 0, 2);
    assertArrayEquals(new float[] {5, 21}, y);
  }

  @ParameterizedTest
  @MethodSource("widths")
  void unalignedNativeMemoryMatches(Kernels fast) {
    Tensor heap = new Samples(9).matrix(DType.Q8_0, 9, 96);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(heap.data().byteSize() + 1, 64).asSlice(1);
      copy.copyFrom(heap.data());
      new Pair(fast, new Tensor("w", DType.Q8_0, heap.shape(), copy)).checkMultiply(1, 0, 9);
    }
  }

  @Test
  void aTensorThatIsNoMatrixIsRefused() {
    MemorySegment data = MemorySegment.ofArray(new float[8]);
    Tensor cube = new Tensor("blk.0", DType.F32, Shape.of(2, 2, 2), data);
    String message =
        assertThrows(JandaiaException.class, () -> Kernels.best().weight(cube)).getMessage();
    assertTrue(message.contains("blk.0") && message.contains("[2, 2, 2]"), message);
  }

  @Test
  void integersAreRefused() {
    MemorySegment data = MemorySegment.ofArray(new byte[8]);
    Tensor integers = new Tensor("ids", DType.I8, Shape.of(2, 4), data);
    assertThrows(JandaiaException.class, () -> Kernels.best().weight(integers));
  }

  /** One matrix behind the oracle and a fast kernel. */
  private static final class Pair {
    private final Samples samples = new Samples(11);
    private final WeightMatrix oracle;
    private final WeightMatrix fast;
    private final String what;
    private final double[] rowMagnitudes;

    Pair(Kernels kernels, Tensor matrix) {
      oracle = ORACLE.weight(matrix);
      fast = kernels.weight(matrix);
      what = kernels.name() + " " + matrix.dtype() + " " + matrix.shape();
      assertEquals(oracle.rows(), fast.rows());
      assertEquals(oracle.cols(), fast.cols());
      assertEquals(oracle.dtype(), fast.dtype());
      assertTrue(fast.bytes() >= matrix.data().byteSize());
      rowMagnitudes = new double[oracle.rows()];
      float[] row = new float[oracle.cols()];
      for (int r = 0; r < rowMagnitudes.length; r++) {
        oracle.decodeRow(r, row, 0);
        rowMagnitudes[r] = ORACLE.max(magnitudes(row), 0, row.length);
      }
    }

    private static float[] magnitudes(float[] values) {
      float[] magnitudes = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        magnitudes[i] = Math.abs(values[i]);
      }
      return magnitudes;
    }

    void checkRows() {
      for (int r = 0; r < oracle.rows(); r++) {
        float[] expected = displaced(new float[oracle.cols()], 3);
        float[] actual = expected.clone();
        oracle.decodeRow(r, expected, 3);
        fast.decodeRow(r, actual, 3);
        assertArrayEquals(expected, actual, what);
      }
    }

    void checkMultiply(int m, int fromRow, int toRow) {
      int cols = oracle.cols();
      int xStride = cols + 3;
      int yStride = oracle.rows() + 2;
      float[] x = displaced(samples.floats(Math.max(0, m * xStride - 3)), 2);
      float[] expected = displaced(samples.floats(m * yStride), 4);
      float[] actual = expected.clone();
      oracle.multiply(x, 2, xStride, m, expected, 4, yStride, fromRow, toRow);
      fast.multiply(x, 2, xStride, m, actual, 4, yStride, fromRow, toRow);
      for (int at = 0; at < expected.length; at++) {
        int r = at - 4 < 0 ? -1 : (at - 4) % yStride;
        boolean written = at < 4 + m * yStride && r >= fromRow && r < toRow;
        double magnitude = written ? rowMagnitudes[r] : 0;
        Samples.assertSum(
            expected[at], actual[at], cols, magnitude, "%s m=%d r=%d".formatted(what, m, r));
      }
    }

    void checkTransposed(int m, int fromRow, int toRow, int fromCol, int toCol) {
      int band = toRow - fromRow;
      int xStride = band + 3;
      int yStride = oracle.cols() + 2;
      float[] x = displaced(samples.floats(Math.max(0, m * xStride - 3)), 2);
      float[] expected = displaced(samples.floats(m * yStride), 4);
      float[] actual = expected.clone();
      oracle.multiplyTransposed(
          x, 2, xStride, m, expected, 4, yStride, fromRow, toRow, fromCol, toCol);
      fast.multiplyTransposed(x, 2, xStride, m, actual, 4, yStride, fromRow, toRow, fromCol, toCol);
      double magnitude = java.util.Arrays.stream(rowMagnitudes).max().orElse(0);
      for (int at = 0; at < expected.length; at++) {
        int c = at - 4 < 0 ? -1 : (at - 4) % yStride;
        boolean written = at < 4 + m * yStride && c >= fromCol && c < toCol;
        Samples.assertSum(
            expected[at],
            actual[at],
            band,
            written ? magnitude : 0,
            "%s transposed m=%d c=%d".formatted(what, m, c));
      }
    }
  }

  @Test
  void scalarWeightDecodesInPlace() {
    float[] values = {1, 2, 3, 4};
    byte[] bytes = new byte[16];
    MemorySegment.copy(
        values, 0, MemorySegment.ofArray(bytes), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, 4);
    Tensor tensor = new Tensor("w", DType.F32, Shape.of(2, 2), MemorySegment.ofArray(bytes));
    float[] y = new float[2];
    ORACLE.weight(tensor).multiply(new float[] {10, 1}, 0, 2, 1, y, 0, 2, 0, 2);
    assertArrayEquals(new float[] {12, 34}, y);
  }
}
