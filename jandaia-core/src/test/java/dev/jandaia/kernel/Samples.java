package dev.jandaia.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;

/** Seeded inputs, and comparisons whose tolerance grows with the number of terms. */
final class Samples {
  /** Around the vector lengths, the unrolled lengths and the panel sizes. */
  static final int[] SIZES = {0, 1, 3, 7, 8, 13, 15, 16, 17, 31, 33, 63, 64, 65, 127, 207, 4098};

  private static final float UNIT = Math.ulp(1f);

  private final Random random;

  Samples(long seed) {
    random = new Random(seed);
  }

  float[] floats(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** A matrix of random values in the given encoding; random blocks where there is no encoder. */
  Tensor matrix(DType dtype, int rows, int cols) {
    MemorySegment data = Arena.ofAuto().allocate(dtype.bytesFor((long) rows * cols), 64);
    Tensor tensor = new Tensor("w", dtype, Shape.of(rows, cols), data);
    BlockCodec codec = BlockCodec.of(dtype);
    if (codec.canEncode()) {
      codec.encode(floats(rows * cols), 0, data, 0, rows * cols);
      return tensor;
    }
    float[] decoded = new float[dtype.blockSize()];
    for (long at = 0; at < data.byteSize(); at += dtype.blockBytes()) {
      do {
        fillBlock(data, at, dtype.blockBytes());
        codec.decode(data, at, decoded, 0, decoded.length);
      } while (!moderate(decoded));
    }
    return tensor;
  }

  private void fillBlock(MemorySegment data, long at, int length) {
    for (int i = 0; i < length; i++) {
      data.set(ValueLayout.JAVA_BYTE, at + i, (byte) random.nextInt());
    }
  }

  /** Random bits make random exponents: keep blocks whose products stay far from overflow. */
  private static boolean moderate(float[] values) {
    for (float value : values) {
      if (!(Math.abs(value) < 1e4f)) {
        return false;
      }
    }
    return true;
  }

  /** The same number of floats, displaced and surrounded by guards that no kernel may touch. */
  static float[] displaced(float[] values, int offset) {
    float[] out = new float[values.length + offset + 5];
    java.util.Arrays.fill(out, Float.NaN);
    System.arraycopy(values, 0, out, offset, values.length);
    return out;
  }

  /** Sums of {@code terms} products whose magnitudes add up to about {@code magnitude}. */
  static void assertSum(float expected, float actual, int terms, double magnitude, String what) {
    if (Float.compare(expected, actual) == 0) {
      return; // infinities and the guards, too
    }
    double largest = Math.max(magnitude, Math.abs(expected));
    double tolerance = UNIT * (4 + terms) * Math.max(largest, Float.MIN_NORMAL);
    assertEquals(expected, actual, tolerance, what);
  }

  /** Element by element, with a relative tolerance and an absolute one far below any weight. */
  static void assertClose(float[] expected, float[] actual, double relative, String what) {
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < expected.length; i++) {
      if (Float.compare(expected[i], actual[i]) != 0) {
        double tolerance = relative * Math.abs(expected[i]) + 3e-38;
        int at = i;
        assertTrue(
            Math.abs((double) expected[i] - actual[i]) <= tolerance,
            () -> what + " [" + at + "]: expected " + expected[at] + ", found " + actual[at]);
      }
    }
  }

  static List<DType> weightTypes() {
    return java.util.Arrays.stream(DType.values()).filter(Samples::isWeight).toList();
  }

  private static boolean isWeight(DType dtype) {
    return switch (dtype) {
      case I64, I32, I16, I8, U8, BOOL -> false;
      default -> true;
    };
  }
}
