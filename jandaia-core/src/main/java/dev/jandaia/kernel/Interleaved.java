package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;
import static dev.jandaia.kernel.Lanes.I32;
import static dev.jandaia.kernel.packed.RowGroups.ROWS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** What the loops over interleaved codes are made of. */
final class Interleaved {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private Interleaved() {}

  static IntVector ints(MemorySegment w, long at) {
    return IntVector.fromMemorySegment(I32, w, at, LITTLE_ENDIAN);
  }

  /** The codes under the mask, times the value of its lowest bit. */
  static FloatVector field(IntVector codes, IntVector mask) {
    return Stored.floats(codes.and(mask));
  }

  static FloatVector load(float[] values, int offset) {
    return FloatVector.fromArray(F32, values, offset);
  }

  /**
   * Halves as floats. Multiplied into place, as in {@link RowsF16}, subnormal ones would take a
   * hundred cycles.
   */
  static float[] halves(MemorySegment w, long at, int count, Scratch scratch) {
    short[] halves = scratch.halves(count);
    float[] floats = scratch.halfFloats(count);
    MemorySegment.copy(w, SHORT, at, halves, 0, count);
    VectorDecode.halves(halves, 0, floats, 0, count);
    return floats;
  }

  /** sums[run] = Σ x[c] over the columns of the run. */
  static void sumColumns(float[] x, int xo, int runs, int columns, float[] sums, int sumsAt) {
    for (int run = 0; run < runs; run++) {
      FloatVector sum = FloatVector.zero(F32);
      int from = xo + run * columns;
      for (int c = from; c < from + columns; c += COUNT) {
        sum = sum.add(load(x, c));
      }
      sums[sumsAt + run] = sum.reduceLanes(VectorOperators.ADD);
    }
  }

  /** y[i] = Σ_run sums[run]·addends[run, i] for sixteen rows. */
  static void sumRuns(
      float[] sums, int sumsAt, int runs, float[] addends, int ao, float[] y, int yo) {
    for (int lane = 0; lane < ROWS; lane += COUNT) {
      FloatVector sum = FloatVector.zero(F32);
      for (int run = 0; run < runs; run++) {
        FloatVector factor = FloatVector.broadcast(F32, sums[sumsAt + run]);
        sum = factor.fma(load(addends, ao + run * ROWS + lane), sum);
      }
      sum.intoArray(y, yo + lane);
    }
  }
}
