package dev.jandaia.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.WeightMatrix;
import dev.jandaia.kernel.packed.InputRows;
import dev.jandaia.machinecode.Processor;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Machine code against the scalar oracle on activations rounded by the readable twin. */
class EmittedMatrixTest {
  /** Encodings whose kernels want the same form of activations, and others between them. */
  private static final DType[] SHARING = {
    DType.Q8_0, DType.BF16, DType.Q4_0, DType.Q4_K, DType.F16, DType.BF16, DType.Q6_K
  };

  @BeforeEach
  void needsTheProcessor() {
    assumeTrue(Processor.ask().avx2(), "NOT RUN: this processor has no AVX2");
  }

  private static void needsVnni() {
    assumeTrue(Processor.ask().vnni(), "NOT RUN: this processor has no AVX-512 VNNI");
  }

  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0", "IQ4_NL", "MXFP4", "Q4_K", "Q5_K", "Q6_K"})
  void productsMatchTheOracle(DType dtype) {
    int block = dtype.blockSize();
    for (int cols : new int[] {block, 3 * block, 2560}) {
      for (int rows : new int[] {1, 16, 45, 300}) {
        for (int m : new int[] {1, 2, 3, 5, 8, 9, 24, 25, 37}) {
          check(dtype, rows, cols, m, 0, rows);
        }
        check(dtype, rows, cols, 1, rows / 3, rows - rows / 4);
        check(dtype, rows, cols, 31, rows / 3, rows - rows / 4);
      }
    }
    check(dtype, 20, block, 1100, 3, 20);
  }

  /** More rows than one turn of groups. */
  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_K"})
  void productsOfManyRowsMatchTheOracle(DType dtype) {
    for (int m : new int[] {1, 9, 25}) {
      check(dtype, 1100, 2 * dtype.blockSize(), m, 0, 1100);
      check(dtype, 1100, 2 * dtype.blockSize(), m, 333, 1000);
    }
  }

  /** From the stored place, on the way, and packed. */
  @Test
  void productsStayTheSameWhenAMatrixIsPacked() {
    Tensor tensor = matrix(DType.Q8_0, 45, 96, new Random(7));
    EmittedMatrix tiered =
        ProductKernels.of(DType.Q8_0).orElseThrow().matrix(tensor.data(), 45, 96);
    long stored = tiered.bytes();
    for (int i = 0; i < 100; i++) {
      check(tiered, tensor, true, 1, 0, 45);
    }
    assertTrue(
        tiered.bytes() > stored, "expected the matrix to be packed, to whole groups of rows");
    check(tiered, tensor, true, 30, 0, 45);
  }

  /** What one matrix makes of the rows is what the next would have made, or is made anew. */
  @Test
  void matricesThatReadTheSameRowsGiveTheSameNumbersAsAlone() {
    int rows = 48;
    int cols = 512;
    Random random = new Random(11);
    InputRows input = new InputRows();
    for (int m : new int[] {1, 9, 30, 600, 2}) {
      float[] x = new float[3 + m * cols];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
      input.set(x, 3, cols, m);
      for (DType dtype : SHARING) {
        Tensor tensor = matrix(dtype, rows, cols, random);
        for (EmittedMatrix form : forms(tensor)) {
          float[] alone = new float[m * rows];
          form.multiply(x, 3, cols, m, alone, 0, rows, 0, rows);
          float[] together = new float[m * rows];
          form.multiply(input, together, 0, rows, 0, 20);
          form.multiply(input, together, 0, rows, 20, rows);
          assertArrayEquals(alone, together, "%s, m %d".formatted(dtype, m));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void halfProductsMatchTheOracle(DType dtype) {
    checkHalves(dtype, new Avx2HalfKernels(Avx2HalfFormat.valueOf(dtype.name())), false);
    needsVnni();
    checkHalves(dtype, new HalfKernels(HalfFormat.valueOf(dtype.name())), false);
  }

  @Test
  void bfloatProductsMatchTheOracle() {
    assumeTrue(Processor.ask().bf16(), "NOT RUN: this processor has no AVX-512 BF16");
    checkHalves(DType.BF16, new HalfKernels(HalfFormat.BF16_PAIRS), true);
  }

  private static void checkHalves(DType dtype, ProductKernels kernels, boolean rounds) {
    for (int cols : new int[] {32, 96, 1056}) {
      for (int rows : new int[] {1, 16, 45, 300}) {
        for (int m : new int[] {1, 2, 3, 5, 8, 9, 24, 25, 37, 48}) {
          check(dtype, kernels, rounds, rows, cols, m, 0, rows);
        }
        check(dtype, kernels, rounds, rows, cols, 31, rows / 3, rows - rows / 4);
      }
    }
  }

  /** What the kernels do to a row. */
  private static void round(DType dtype, ActivationForm form, float[] x, int offset, int length) {
    if (form == ShortActivations.FORM) {
      RoundedRow.round(x, offset, length, ShortActivations.COLUMNS, ShortActivations.LARGEST);
      return;
    }
    if (dtype != DType.BF16) {
      RoundedRow.round(x, offset, length, dtype.blockSize());
      return;
    }
    BlockCodec codec = BlockCodec.of(dtype);
    MemorySegment rounded = Arena.ofAuto().allocate(2L * length);
    codec.encode(x, offset, rounded, 0, length);
    codec.decode(rounded, 0, x, offset, length);
  }

  private static void check(DType dtype, int rows, int cols, int m, int from, int to) {
    for (ProductKernels kernels : kernels(dtype)) {
      check(dtype, kernels, true, rows, cols, m, from, to);
    }
  }

  /** Those of an encoding that this processor can run, of either length of registers. */
  private static List<ProductKernels> kernels(DType dtype) {
    Stream<ProductKernels> narrow = Avx2Format.of(dtype).stream().map(Avx2Kernels::new);
    Stream<ProductKernels> chosen = ProductKernels.of(dtype).stream();
    return Stream.concat(narrow, chosen).toList();
  }

  private static List<EmittedMatrix> forms(Tensor matrix) {
    int rows = (int) matrix.shape().dim(0);
    int cols = (int) matrix.shape().dim(1);
    return kernels(matrix.dtype()).stream()
        .flatMap(kernels -> kernels.forms(matrix.data(), rows, cols).stream())
        .toList();
  }

  private static void check(
      DType dtype,
      ProductKernels kernels,
      boolean rounds,
      int rows,
      int cols,
      int m,
      int from,
      int to) {
    Tensor tensor = matrix(dtype, rows, cols, new Random(rows * 31L + cols + m));
    for (EmittedMatrix form : kernels.forms(tensor.data(), rows, cols)) {
      check(form, tensor, rounds, m, from, to);
    }
  }

  private static void check(
      EmittedMatrix emitted, Tensor tensor, boolean rounds, int m, int from, int to) {
    DType dtype = tensor.dtype();
    int rows = emitted.rows;
    int cols = emitted.cols;
    Random random = new Random(rows * 37L + cols + m);
    int xStride = cols + 3;
    int yStride = rows + 2;
    float[] x = new float[5 + m * xStride];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    float[] rounded = x.clone();
    for (int i = 0; rounds && i < m; i++) {
      round(dtype, emitted.form(m), rounded, 5 + i * xStride, cols);
    }
    float[] expected = new float[7 + m * yStride];
    Arrays.fill(expected, 1e9f);
    float[] actual = expected.clone();
    WeightMatrix oracle = Kernels.scalar().weight(tensor);
    oracle.multiply(rounded, 5, xStride, m, expected, 7, yStride, from, to);
    emitted.multiply(x, 5, xStride, m, actual, 7, yStride, from, to);
    double scale = magnitude(oracle, rows, cols);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(
          expected[i],
          actual[i],
          scale * 2e-6 * Math.sqrt(cols),
          "%s %d × %d, m %d, element %d".formatted(dtype, rows, cols, m, i));
    }
  }

  /** The largest weight times a typical sum over a row: what rounding errors are measured by. */
  private static double magnitude(WeightMatrix oracle, int rows, int cols) {
    float[] row = new float[cols];
    double largest = 0;
    for (int r = 0; r < rows; r++) {
      oracle.decodeRow(r, row, 0);
      for (float w : row) {
        largest = Math.max(largest, Math.abs(w));
      }
    }
    assertTrue(largest > 0);
    return largest;
  }

  private static Tensor matrix(DType dtype, int rows, int cols, Random random) {
    MemorySegment data = Arena.ofAuto().allocate(dtype.bytesFor((long) rows * cols), 64);
    BlockCodec codec = BlockCodec.of(dtype);
    if (codec.canEncode()) {
      float[] values = new float[rows * cols];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      codec.encode(values, 0, data, 0, values.length);
      return new Tensor("w", dtype, Shape.of(rows, cols), data);
    }
    for (long at = 0; at < data.byteSize(); at++) {
      boolean exponent = at % dtype.blockBytes() == 0;
      int bits = exponent ? 120 + random.nextInt(8) : random.nextInt();
      data.set(ValueLayout.JAVA_BYTE, at, (byte) bits);
    }
    return new Tensor("w", dtype, Shape.of(rows, cols), data);
  }
}
