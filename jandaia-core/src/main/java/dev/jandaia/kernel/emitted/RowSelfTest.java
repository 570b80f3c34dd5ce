package dev.jandaia.kernel.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A few queries and weights times cached rows by new machine code against plain loops, before the
 * code is trusted: see {@link SelfTest}.
 */
final class RowSelfTest {
  private static final int ROWS = 32;
  private static final int FIRST = 16;
  private static final int COUNT = 13;
  private static final double TOLERANCE = 1e-5;

  private final RowEncoding encoding;
  private final int dim;
  private final float[] table;
  private final RowKernels kernels;
  private final MemorySegment rows;
  private final MemorySegment others;
  private final RowPlace place = new RowPlace();

  private RowSelfTest(
      RowEncoding encoding, int dim, float[] table, RowKernels kernels, Arena arena) {
    this.encoding = encoding;
    this.dim = dim;
    this.table = table;
    this.kernels = kernels;
    this.rows = arena.allocate((long) ROWS * kernels.rowBytes(), 64);
    this.others = arena.allocate((long) ROWS * kernels.otherBytes() + 64, 64);
    fill();
    place.rows(rows, rows, (long) FIRST * kernels.rowBytes());
    place.others(others, (long) FIRST * kernels.otherBytes());
  }

  /** Whether the kernels compute what {@code encoding} means. */
  static boolean passes(RowEncoding encoding, int dim, float[] table, RowKernels kernels) {
    try (Arena arena = Arena.ofConfined()) {
      RowSelfTest test = new RowSelfTest(encoding, dim, table, kernels, arena);
      return test.scoresAreRight(1)
          && test.scoresAreRight(2)
          && test.scoresAreRight(4)
          && test.sumsAreRight(1)
          && test.sumsAreRight(2)
          && test.sumsAreRight(4)
          && test.rowsAreRight();
    }
  }

  private void fill() {
    for (long i = 0; i < rows.byteSize(); i++) {
      rows.set(JAVA_BYTE, i, (byte) (i * 37 % 251));
    }
    for (int i = 0; i < ROWS * dim; i++) {
      float value = (float) Math.sin(i);
      switch (encoding) {
        case F16 -> rows.setAtIndex(JAVA_SHORT, i, Float.floatToFloat16(value));
        case BF16 -> rows.setAtIndex(JAVA_SHORT, i, (short) (Float.floatToIntBits(value) >> 16));
        default -> {}
      }
    }
    for (int i = 0; i < others.byteSize() / 4; i++) {
      switch (encoding) {
        case Q8_0 -> others.setAtIndex(JAVA_FLOAT, i, 0.01f + i % 7 * 0.001f);
        default -> others.setAtIndex(JAVA_INT, i, i * 0x9E3779B9);
      }
    }
  }

  /** One element, as the encoding says. */
  private float element(int row, int column) {
    long at = (long) row * kernels.rowBytes();
    long otherAt = (long) row * kernels.otherBytes();
    int step = column / RowFormat.STEP;
    int i = column % RowFormat.STEP;
    return switch (encoding) {
      case F16 -> Float.float16ToFloat(rows.get(JAVA_SHORT, at + 2 * column));
      case BF16 -> Float.intBitsToFloat(rows.get(JAVA_SHORT, at + 2 * column) << 16);
      case Q8_0 ->
          rows.get(JAVA_BYTE, at + column) * others.get(JAVA_FLOAT, otherAt + 4 * (column / 32));
      case CODES_1 -> table[rows.get(JAVA_SHORT, at + 2 * step) >> i & 1];
      case CODES_2 -> table[rows.get(JAVA_INT, at + 4 * step) >> 2 * i & 3];
      case CODES_3 -> {
        int upper = others.get(JAVA_SHORT, otherAt + 2 * step) >> i & 1;
        yield table[rows.get(JAVA_INT, at + 4 * step) >> 2 * i & 3 | upper << 2];
      }
      case CODES_4 -> {
        int shift = 32 * (i & 1) + 4 * (i >> 1);
        yield table[(int) (rows.get(JAVA_LONG, at + 8 * step) >> shift) & 15];
      }
    };
  }

  private static float[] numbers(int length) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = (float) Math.cos(3 * i);
    }
    return numbers;
  }

  private boolean scoresAreRight(int queries) {
    float[] q = numbers(queries * dim);
    float[] found = new float[queries * RowKernels.MOST];
    int tiles = Math.ceilDiv(COUNT, kernels.tileRows(queries));
    kernels.scores(queries, place, MemorySegment.ofArray(q), MemorySegment.ofArray(found), tiles);
    boolean right = true;
    for (int i = 0; i < queries; i++) {
      for (int row = 0; row < COUNT; row++) {
        double sum = 0;
        double magnitude = 0;
        for (int c = 0; c < dim; c++) {
          double product = (double) q[i * dim + c] * element(FIRST + row, c);
          sum += product;
          magnitude += Math.abs(product);
        }
        right &= Math.abs(found[i * RowKernels.MOST + row] - sum) <= TOLERANCE * magnitude;
      }
    }
    return right;
  }

  private boolean rowsAreRight() {
    float[] found = new float[COUNT * dim];
    kernels.unpack(place, MemorySegment.ofArray(found), COUNT);
    boolean right = true;
    for (int i = 0; i < found.length; i++) {
      float expected = element(FIRST + i / dim, i % dim);
      right &= Math.abs(found[i] - expected) <= TOLERANCE * Math.abs(expected);
    }
    return right;
  }

  private boolean sumsAreRight(int queries) {
    float[] weights = numbers(queries * RowKernels.MOST);
    float[] found = new float[queries * dim];
    kernels.sums(
        queries, place, MemorySegment.ofArray(weights), MemorySegment.ofArray(found), dim, COUNT);
    boolean right = true;
    for (int i = 0; i < queries; i++) {
      for (int c = 0; c < dim; c++) {
        double sum = 0;
        double magnitude = 0;
        for (int row = 0; row < COUNT; row++) {
          double product = (double) weights[i * RowKernels.MOST + row] * element(FIRST + row, c);
          sum += product;
          magnitude += Math.abs(product);
        }
        right &= Math.abs(found[i * dim + c] - sum) <= TOLERANCE * magnitude;
      }
    }
    return right;
  }
}
