package dev.jandaia.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Queries and weights against rows as caches keep them: fast kernels against the oracle. */
class CachedRowsTest {
  private static final Kernels ORACLE = Kernels.scalar();
  private static final int[] DIMS = {8, 16, 40, 64, 80, 96, 128, 256, 512};
  private static final int[] COUNTS = {1, 15, 16, 17, 63, 65, 1000};

  static List<Kernels> kernels() {
    return VectorWidths.andMachineCode();
  }

  /** Every encoding, filled with numbers of magnitude one. */
  private static List<CachedRows> rows(int count, int dim) {
    Random random = new Random(dim);
    CachedRows.Halves halves = new CachedRows.Halves(count, dim);
    CachedRows.Brains brains = new CachedRows.Brains(count, dim);
    CachedRows.Bytes bytes = new CachedRows.Bytes(count, dim);
    for (int i = 0; i < count * dim; i++) {
      halves.data()[i] = Float.floatToFloat16((float) random.nextGaussian());
      brains.data()[i] = (short) (Float.floatToIntBits((float) random.nextGaussian()) >> 16);
      bytes.codes()[i] = (byte) random.nextInt();
    }
    for (int i = 0; i < count * bytes.groups(); i++) {
      bytes.scales()[i] = Float.floatToFloat16((1 + random.nextFloat()) / 128);
    }
    List<CachedRows> all = new ArrayList<>(List.of(halves, brains, bytes));
    for (int bits = 1; bits <= 4; bits++) {
      all.add(codes(random, count, dim, bits));
    }
    return all;
  }

  private static CachedRows.Codes codes(Random random, int count, int dim, int bits) {
    float[] table = new Samples(bits).floats(16);
    CachedRows.Codes codes = new CachedRows.Codes(count, dim, bits, table);
    byte[] row = new byte[dim];
    for (int i = 0; i < count; i++) {
      for (int d = 0; d < dim; d++) {
        row[d] = (byte) random.nextInt(1 << bits);
      }
      codes.packed().set(i, row);
    }
    return codes;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void dotsMatch(Kernels fast) {
    Samples samples = new Samples(1);
    for (int dim : DIMS) {
      for (CachedRows k : rows(1040, dim)) {
        for (int count : COUNTS) {
          for (int first : new int[] {0, 3, 21, 40}) {
            compareDots(fast, samples, k, first, count, 1 + (count + first + dim) % 16);
          }
        }
        for (int queries = 1; queries <= 16; queries++) {
          compareDots(fast, samples, k, 5, 37, queries);
        }
        compareDots(fast, samples, k, 64, 64, 30);
      }
    }
  }

  private static void compareDots(
      Kernels fast, Samples samples, CachedRows k, int first, int count, int queries) {
    int dim = k.dim();
    int qStride = dim + 3;
    int outStride = count + 5;
    float[] q = samples.floats(2 + queries * qStride);
    float[] before = samples.floats(4 + queries * outStride);
    float[] expected = before.clone();
    float[] actual = before.clone();
    ORACLE.dots(q, 2, qStride, queries, k, k, first, count, expected, 4, outStride);
    fast.dots(q, 2, qStride, queries, k, k, first, count, actual, 4, outStride);
    assertArrayEquals(
        expected, actual, 2e-6f * dim, () -> describe(fast, k, first, count) + ", " + queries);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void weightedSumsMatch(Kernels fast) {
    Samples samples = new Samples(2);
    for (int dim : DIMS) {
      for (CachedRows v : rows(1040, dim)) {
        for (int count : COUNTS) {
          for (int first : new int[] {0, 3, 40}) {
            compareSums(fast, samples, v, first, count, dim, 1 + (count + first + dim) % 16);
          }
        }
        for (int queries = 1; queries <= 16; queries++) {
          compareSums(fast, samples, v, 5, 37, dim, queries);
        }
        compareSums(fast, samples, v, 64, 64, dim, 30);
        compareSums(fast, samples, v, 9, 20, dim - 8, 3);
        if (dim > 16) {
          compareSums(fast, samples, v, 9, 20, dim - 16, 3);
        }
        compareSums(fast, samples, v, 9, 0, dim, 3);
      }
    }
  }

  private static void compareSums(
      Kernels fast, Samples samples, CachedRows v, int first, int count, int columns, int queries) {
    int pStride = count + 3;
    int outStride = columns + 5;
    float[] p = samples.floats(2 + queries * pStride);
    float[] before = samples.floats(4 + queries * outStride);
    float[] expected = before.clone();
    float[] actual = before.clone();
    ORACLE.weightedSums(
        p, 2, pStride, queries, v, v, first, count, columns, expected, 4, outStride);
    fast.weightedSums(p, 2, pStride, queries, v, v, first, count, columns, actual, 4, outStride);
    assertArrayEquals(
        expected,
        actual,
        2e-6f * (count + 4),
        () -> describe(fast, v, first, count) + ", " + queries + " × " + columns);
  }

  private static String describe(Kernels kernels, CachedRows rows, int first, int count) {
    String bits = rows instanceof CachedRows.Codes c ? c.packed().bits() + " bits " : "";
    return "%s, %s%s of %d, %d from %d"
        .formatted(kernels.name(), bits, rows.getClass().getSimpleName(), rows.dim(), count, first);
  }

  @Test
  void copiesAreIndependent() {
    for (CachedRows rows : rows(32, 48)) {
      CachedRows copy = rows.copy();
      assertEquals(rows.bytes(), copy.bytes());
      float before = copy.get(3, 7);
      assertEquals(rows.get(3, 7), before);
      switch (rows) {
        case CachedRows.Shorts s -> s.data()[3 * 48 + 7] ^= 0x4000;
        case CachedRows.Bytes b -> b.codes()[3 * 48 + 7] ^= 64;
        case CachedRows.Codes c -> {
          byte[] flipped = new byte[48];
          flipped[7] = (byte) (c.packed().get(3, 7) ^ 1);
          c.packed().set(3, flipped);
        }
      }
      assertEquals(before, copy.get(3, 7));
      assertNotEquals(before, rows.get(3, 7));
    }
  }
}
