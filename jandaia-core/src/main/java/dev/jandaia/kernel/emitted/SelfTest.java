package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeMemory;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A small product by new machine code against one by plain loops, before the code is trusted: an
 * emulator or a broken microcode must not produce nonsense quietly.
 */
final class SelfTest {
  private static final int ROWS = 21;
  private static final int MOST_ROWS = 30;

  private SelfTest() {}

  /**
   * Whether the kernels compute what the encoding means.
   *
   * @param tolerance of each product, relative to the sum of its terms' magnitudes: what the
   *     rounding of activations may cost
   */
  static boolean passes(DType dtype, ProductKernels kernels, double tolerance) {
    int cols = Math.max(2 * dtype.blockSize(), 2 * kernels.columns());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stored = NativeMemory.allocate(dtype.bytesFor((long) ROWS * cols), arena);
      fill(stored, dtype);
      float[] weights = new float[ROWS * cols];
      BlockCodec.of(dtype).decode(stored, 0, weights, 0, weights.length);
      return kernels.forms(stored, ROWS, cols).stream()
          .allMatch(matrix ->
              isRight(matrix, weights, cols, 1, tolerance)
                  && isRight(matrix, weights, cols, MOST_ROWS, tolerance));
    }
  }

  /** Bytes of all kinds, but scales (the parts that may be infinite) of moderate size. */
  private static void fill(MemorySegment stored, DType dtype) {
    int bytes = dtype.blockBytes();
    for (long at = 0; at < stored.byteSize(); at++) {
      stored.set(ValueLayout.JAVA_BYTE, at, (byte) (at * 37 % 101));
    }
    for (long block = 0; block < stored.byteSize(); block += bytes) {
      switch (dtype) {
        case Q4_K, Q5_K -> {
          putHalf(stored, block, 0.01f);
          putHalf(stored, block + 2, 0.02f);
        }
        case Q6_K -> putHalf(stored, block + bytes - 2, 0.01f);
        case MXFP4 -> stored.set(ValueLayout.JAVA_BYTE, block, (byte) 124);
        case BF16 -> stored.set(ValueLayout.JAVA_BYTE, block + 1, (byte) 0x3D);
        default -> putHalf(stored, block, 0.01f);
      }
    }
  }

  private static void putHalf(MemorySegment stored, long at, float value) {
    stored.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(value));
  }

  private static boolean isRight(
      EmittedMatrix matrix, float[] weights, int cols, int m, double tolerance) {
    float[] x = new float[m * cols];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) Math.sin(i);
    }
    float[] y = new float[m * ROWS];
    matrix.multiply(x, 0, cols, m, y, 0, ROWS, 0, ROWS);
    for (int i = 0; i < y.length; i++) {
      double sum = 0;
      double magnitude = 0;
      for (int c = 0; c < cols; c++) {
        double product = (double) x[i / ROWS * cols + c] * weights[i % ROWS * cols + c];
        sum += product;
        magnitude += Math.abs(product);
      }
      if (!(Math.abs(y[i] - sum) <= tolerance * magnitude)) {
        return false;
      }
    }
    return true;
  }
}
