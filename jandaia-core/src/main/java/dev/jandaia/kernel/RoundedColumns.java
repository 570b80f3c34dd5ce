package dev.jandaia.kernel;

import static dev.jandaia.kernel.Interleaved.load;
import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;

import dev.jandaia.kernel.emitted.RoundedRow;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Activations as s·q, q from −127 to 127, with one scale s = max|x|/127 for 32 columns. Scalar
 * twin: {@link RoundedRow}.
 */
final class RoundedColumns {
  /** Columns that share a scale. */
  static final int COLUMNS = 32;

  /** Added to a small float, it leaves the nearest integer in the lowest bits. */
  private static final float ROUND = 0x1.8p23f;

  private RoundedColumns() {}

  /** Writes q of the columns from {@code xo} on, and returns s. */
  static float round(float[] x, int xo, int[] q) {
    FloatVector magnitude = FloatVector.zero(F32);
    for (int c = 0; c < COLUMNS; c += COUNT) {
      magnitude = magnitude.max(load(x, xo + c).abs());
    }
    float maximum = Math.max(RoundedRow.SMALLEST, magnitude.reduceLanes(VectorOperators.MAX));
    float inverse = 127 / maximum;
    for (int c = 0; c < COLUMNS; c += COUNT) {
      IntVector bits = load(x, xo + c).mul(inverse).add(ROUND).reinterpretAsInts();
      bits.sub(Float.floatToRawIntBits(ROUND)).intoArray(q, c);
    }
    return maximum * RoundedRow.STEP;
  }

  /** Σ q[from … to). */
  static int sum(int[] q, int from, int to) {
    int sum = 0;
    for (int c = from; c < to; c++) {
      sum += q[c];
    }
    return sum;
  }
}
