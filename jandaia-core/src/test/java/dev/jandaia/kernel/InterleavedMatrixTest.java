package dev.jandaia.kernel;

import static dev.jandaia.kernel.Samples.displaced;
import static dev.jandaia.kernel.packed.RowGroups.ROWS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.kernel.emitted.RoundedRow;
import dev.jandaia.kernel.packed.InputRows;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Repacked rows at every vector width, against the scalar oracle on rounded activations. */
class InterleavedMatrixTest {
  private static final DType[] TYPES = {DType.Q8_0, DType.Q4_0, DType.Q4_K, DType.Q5_K, DType.Q6_K};

  /** From this many rows of x on they are taken as they are, by whole groups of rows. */
  private static final int MANY = 8;

  static List<Kernels> widths() {
    return VectorWidths.rounding();
  }

  @ParameterizedTest
  @MethodSource("widths")
  void productsMatchTheOracle(Kernels kernels) {
    assertTrue(kernels.roundsActivations());
    for (DType dtype : TYPES) {
      int block = dtype.blockSize();
      for (int cols : new int[] {block, 3 * block, 1280}) {
        for (int rows : new int[] {1, 16, 17, 45, 130}) {
          Tensor matrix = new Samples(rows).matrix(dtype, rows, cols);
          WeightMatrix weight = hot(kernels, matrix);
          for (int m : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 17}) {
            check(weight, matrix, m, 0, rows);
            check(weight, matrix, m, rows / 3, rows - rows / 4);
          }
        }
      }
    }
  }

  private static void check(WeightMatrix weight, Tensor matrix, int m, int fromRow, int toRow) {
    int cols = weight.cols();
    int xStride = cols + 3;
    int yStride = weight.rows() + 2;
    Samples samples = new Samples(m);
    float[] x = displaced(samples.floats(m * xStride), 2);
    float[] rounded = x.clone();
    for (int i = 0; i < m; i++) {
      RoundedRow.round(rounded, 2 + i * xStride, cols, RoundedColumns.COLUMNS);
    }
    float[] ofExact = displaced(samples.floats(m * yStride), 4);
    float[] ofRounded = ofExact.clone();
    float[] actual = ofExact.clone();
    WeightMatrix oracle = Kernels.scalar().weight(matrix);
    oracle.multiply(x, 2, xStride, m, ofExact, 4, yStride, fromRow, toRow);
    oracle.multiply(rounded, 2, xStride, m, ofRounded, 4, yStride, fromRow, toRow);
    weight.multiply(x, 2, xStride, m, actual, 4, yStride, fromRow, toRow);
    int firstGroup = (fromRow + ROWS - 1) / ROWS * ROWS;
    double largest = largest(oracle);
    String what = "%s %s m=%d".formatted(matrix.dtype(), matrix.shape(), m);
    for (int at = 0; at < actual.length; at++) {
      int r = at - 4 < 0 ? -1 : (at - 4) % yStride;
      boolean written = at < 4 + m * yStride && r >= fromRow && r < toRow;
      boolean rounds = m < MANY || r < firstGroup;
      float expected = rounds ? ofRounded[at] : ofExact[at];
      Samples.assertSum(expected, actual[at], cols, written ? largest : 0, what);
    }
  }

  private static double largest(WeightMatrix weight) {
    float[] row = new float[weight.cols()];
    double largest = 0;
    for (int r = 0; r < weight.rows(); r++) {
      weight.decodeRow(r, row, 0);
      for (float value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }

  /** The largest sums of products that lanes of sixteen bits have to hold, of both signs. */
  @ParameterizedTest
  @MethodSource("widths")
  void extremeCodesDoNotOverflow(Kernels kernels) {
    for (DType dtype : TYPES) {
      for (byte bits : new byte[] {0, (byte) 0xFF, 0x0F, (byte) 0xF0, 0x7F, (byte) 0x80}) {
        Tensor matrix = new Samples(3).matrix(dtype, 16, 512);
        for (int row = 0; row < 16; row++) {
          fillCodes(matrix, row, bits);
        }
        for (float value : new float[] {1, -1}) {
          WeightMatrix weight = hot(kernels, matrix);
          float[] x = new float[512];
          Arrays.fill(x, value);
          float[] expected = new float[16];
          float[] actual = new float[16];
          WeightMatrix oracle = Kernels.scalar().weight(matrix);
          oracle.multiply(x, 0, 512, 1, expected, 0, 16, 0, 16);
          weight.multiply(x, 0, 512, 1, actual, 0, 16, 0, 16);
          for (int r = 0; r < 16; r++) {
            String what = "%s, codes %x, x %f".formatted(dtype, bits, value);
            Samples.assertSum(expected[r], actual[r], 512, largest(oracle), what);
          }
        }
      }
    }
  }

  /** Leaves the scales of each block as they are. */
  private static void fillCodes(Tensor matrix, int row, byte bits) {
    DType dtype = matrix.dtype();
    int first = dtype == DType.Q6_K ? 0 : dtype == DType.Q4_K || dtype == DType.Q5_K ? 16 : 2;
    int last = dtype == DType.Q6_K ? 192 : dtype.blockBytes();
    long rowBytes = dtype.bytesFor(512);
    for (long at = row * rowBytes; at < (row + 1) * rowBytes; at += dtype.blockBytes()) {
      matrix.data().asSlice(at + first, last - first).fill(bits);
    }
  }

  /** What one matrix makes of the rows is what the next would have made, or is made anew. */
  @ParameterizedTest
  @MethodSource("widths")
  void matricesThatReadTheSameRowsGiveTheSameNumbersAsAlone(Kernels kernels) {
    InputRows input = new InputRows();
    for (int m : new int[] {1, 7, 9, 2}) {
      float[] x = new Samples(m).floats(3 + m * 512);
      input.set(x, 3, 512, m);
      for (DType dtype : new DType[] {DType.Q4_0, DType.Q4_K, DType.Q8_0, DType.Q6_K, DType.Q5_K}) {
        WeightMatrix weight = hot(kernels, new Samples(5).matrix(dtype, 48, 512));
        float[] alone = new float[m * 48];
        weight.multiply(x, 3, 512, m, alone, 0, 48, 0, 48);
        float[] together = new float[m * 48];
        weight.multiply(input, together, 0, 48, 0, 32);
        weight.multiply(input, together, 0, 48, 32, 48);
        assertArrayEquals(alone, together, "%s, m %d".formatted(dtype, m));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void packedRowsAreNotReadAgain(Kernels kernels) {
    for (DType dtype : TYPES) {
      Tensor matrix = new Samples(12).matrix(dtype, 70, 256);
      WeightMatrix weight = kernels.weight(matrix);
      assertTrue(weight.isPrepared());
      useUntilHot(weight);
      assertFalse(weight.isPrepared());
      weight.prepare(0, 40);
      assertFalse(weight.isPrepared());
      float[] x = new Samples(13).floats(256);
      float[] expected = new float[70];
      weight.multiply(x, 0, 256, 1, expected, 0, 70, 0, 70);
      assertTrue(weight.isPrepared());
      matrix.data().fill((byte) 0);
      float[] actual = new float[70];
      weight.multiply(x, 0, 256, 1, actual, 0, 70, 0, 70);
      assertArrayEquals(expected, actual, dtype.toString());
    }
  }

  private static WeightMatrix hot(Kernels kernels, Tensor matrix) {
    WeightMatrix weight = kernels.weight(matrix);
    useUntilHot(weight);
    return weight;
  }

  /** Multiplies so often that the next product reads packed rows. */
  private static void useUntilHot(WeightMatrix weight) {
    int times = TieredProduct.FIRST + TieredProduct.SPREAD;
    float[] x = new float[weight.cols()];
    float[] y = new float[weight.rows()];
    for (int i = 0; i < times && weight.isPrepared(); i++) {
      weight.multiply(x, 0, x.length, 1, y, 0, y.length, 0, y.length);
    }
  }
}
