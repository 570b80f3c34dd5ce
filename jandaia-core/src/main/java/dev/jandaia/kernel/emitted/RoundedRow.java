package dev.jandaia.kernel.emitted;

/**
 * The rounding of activations, written for reading: the oracle of {@link RoundKernel} and of the
 * Vector API kernels.
 */
public final class RoundedRow {
  /** A block whose largest magnitude is below this becomes zero. */
  public static final float SMALLEST = 1e-30f;

  /** The scale of a block whose largest magnitude is 1. */
  public static final float STEP = 1f / 127;

  private RoundedRow() {}

  /** Rounds each block of {@code columns} values to multiples of its scale, in place. */
  public static void round(float[] x, int offset, int length, int columns) {
    for (int block = offset; block < offset + length; block += columns) {
      float maximum = SMALLEST;
      for (int i = block; i < block + columns; i++) {
        maximum = Math.max(maximum, Math.abs(x[i]));
      }
      float scale = maximum * STEP;
      float inverse = 127 / maximum;
      for (int i = block; i < block + columns; i++) {
        x[i] = (float) Math.rint(x[i] * inverse) * scale;
      }
    }
  }
}
