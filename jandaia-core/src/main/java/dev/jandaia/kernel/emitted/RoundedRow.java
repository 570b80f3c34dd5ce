package dev.jandaia.kernel.emitted;

/**
 * The rounding of activations, written for reading: the oracle of {@link RoundKernel}, {@link
 * Avx2RoundShortsKernel} and the Vector API kernels.
 */
public final class RoundedRow {
  /** A block whose largest magnitude is below this becomes zero. */
  public static final float SMALLEST = 1e-30f;

  /** The scale of a block whose largest magnitude is 1. */
  public static final float STEP = 1f / 127;

  private RoundedRow() {}

  /** Rounds each block of {@code columns} values to bytes times its scale, in place. */
  public static void round(float[] x, int offset, int length, int columns) {
    round(x, offset, length, columns, 127);
  }

  /**
   * Rounds each block of {@code columns} values, the last perhaps shorter, to integers up to {@code
   * largest} times its scale, in place.
   */
  static void round(float[] x, int offset, int length, int columns, int largest) {
    for (int block = offset; block < offset + length; block += columns) {
      int end = Math.min(block + columns, offset + length);
      float maximum = SMALLEST;
      for (int i = block; i < end; i++) {
        maximum = Math.max(maximum, Math.abs(x[i]));
      }
      float scale = maximum * (1f / largest);
      float inverse = largest / maximum;
      for (int i = block; i < end; i++) {
        x[i] = (float) Math.rint(x[i] * inverse) * scale;
      }
    }
  }
}
