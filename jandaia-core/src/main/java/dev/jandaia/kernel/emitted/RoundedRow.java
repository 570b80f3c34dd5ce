package dev.jandaia.kernel.emitted;

/** The rounding of activations, written for reading: the oracle of {@link RoundKernel}. */
final class RoundedRow {
  /** A block whose largest magnitude is below this becomes zero. */
  static final float SMALLEST = 1e-30f;

  private RoundedRow() {}

  /** Rounds each block of 32 values to multiples of its scale, in place. */
  static void round(float[] x, int offset, int length) {
    for (int block = offset; block < offset + length; block += Activations.COLUMNS) {
      float maximum = SMALLEST;
      for (int i = block; i < block + Activations.COLUMNS; i++) {
        maximum = Math.max(maximum, Math.abs(x[i]));
      }
      float scale = maximum / 127;
      float inverse = 127 / maximum;
      for (int i = block; i < block + Activations.COLUMNS; i++) {
        x[i] = (float) Math.rint(x[i] * inverse) * scale;
      }
    }
  }
}
