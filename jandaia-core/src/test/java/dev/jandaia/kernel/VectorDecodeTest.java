package dev.jandaia.kernel;

import static dev.jandaia.kernel.Samples.SIZES;
import static dev.jandaia.kernel.Samples.displaced;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What caches are decoded with, each vector width against the scalar oracle. */
class VectorDecodeTest {
  private static final Kernels ORACLE = Kernels.scalar();

  static List<Kernels> widths() {
    return VectorWidths.andMachineCode();
  }

  @ParameterizedTest
  @MethodSource("widths")
  void numbersOfSixteenBitsAreExact(Kernels fast) {
    short[] in = new short[1 << 16];
    int finite = 0;
    for (int bits = 0; bits < in.length; bits++) {
      if (Float.isFinite(Float.float16ToFloat((short) bits))) {
        in[finite++] = (short) bits;
      }
    }
    for (int size : new int[] {0, 1, 7, 15, 16, 17, 33, finite - 3}) {
      float[] expected = new float[size + 4];
      float[] actual = new float[size + 4];
      ORACLE.halvesToFloats(in, 3, expected, 2, size);
      fast.halvesToFloats(in, 3, actual, 2, size);
      assertArrayEquals(expected, actual);
      ORACLE.brainsToFloats(in, 3, expected, 2, size);
      fast.brainsToFloats(in, 3, actual, 2, size);
      assertArrayEquals(expected, actual);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void bytesAreExact(Kernels fast) {
    byte[] in = new byte[5000];
    new Random(1).nextBytes(in);
    for (int size : SIZES) {
      float[] expected = new float[size + 4];
      float[] actual = new float[size + 4];
      ORACLE.bytesToFloats(in, 3, 0.37f, expected, 2, size);
      fast.bytesToFloats(in, 3, 0.37f, actual, 2, size);
      assertArrayEquals(expected, actual);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void codesAreExact(Kernels fast) {
    float[] codebook = new Samples(2).floats(16);
    for (int bits = 1; bits <= 4; bits++) {
      for (int dim : new int[] {1, 7, 8, 15, 16, 17, 24, 32, 40, 64, 80, 96, 128, 207}) {
        PackedCodes codes = filled(5, dim, bits);
        for (int row = 0; row < 5; row++) {
          float[] expected = new float[dim + 4];
          float[] actual = new float[dim + 4];
          ORACLE.codesToFloats(codes, row, codebook, -1.7f, expected, 3);
          fast.codesToFloats(codes, row, codebook, -1.7f, actual, 3);
          assertArrayEquals(expected, actual, "%d bits of %d".formatted(bits, dim));
        }
      }
    }
  }

  private static PackedCodes filled(int rows, int dim, int bits) {
    PackedCodes codes = new PackedCodes(rows, dim, bits);
    Random random = new Random(dim);
    for (int row = 0; row < rows; row++) {
      codes.set(row, codes(random, dim, bits));
    }
    return codes;
  }

  private static byte[] codes(Random random, int dim, int bits) {
    byte[] codes = new byte[dim];
    for (int i = 0; i < dim; i++) {
      codes[i] = (byte) random.nextInt(1 << bits);
    }
    return codes;
  }

  @Test
  void codesAreKeptAsTheyWereSet() {
    for (int bits = 1; bits <= 4; bits++) {
      for (int dim : new int[] {1, 15, 16, 17, 128}) {
        PackedCodes packed = filled(3, dim, bits);
        byte[] row = codes(new Random(9), dim, bits);
        packed.set(1, row);
        PackedCodes copy = new PackedCodes(packed);
        packed.set(1, new byte[dim]);
        for (int i = 0; i < dim; i++) {
          assertEquals(row[i], copy.get(1, i));
          assertEquals(0, packed.get(1, i));
        }
        assertEquals((dim + 15) / 16 * 3 * 2 * bits, packed.bytes());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void hadamardTransformsMatchAndUndoThemselves(Kernels fast) {
    Samples samples = new Samples(3);
    for (int length = 1; length <= 1024; length *= 2) {
      float[] x = displaced(samples.floats(length), 3);
      float[] expected = x.clone();
      float[] actual = x.clone();
      ORACLE.hadamard(expected, 3, length);
      fast.hadamard(actual, 3, length);
      assertArrayEquals(expected, actual, 4e-6f, "of " + length);
      fast.hadamard(actual, 3, length);
      assertArrayEquals(x, actual, 4e-6f, "twice, of " + length);
    }
  }
}
