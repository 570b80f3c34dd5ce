package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;
import static dev.jandaia.kernel.Lanes.I16;
import static dev.jandaia.kernel.Lanes.I32;
import static dev.jandaia.kernel.packed.RowGroups.ROWS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** What the loops over interleaved codes are made of. */
final class Interleaved {
  private Interleaved() {}

  static IntVector ints(MemorySegment w, long at) {
    return IntVector.fromMemorySegment(I32, w, at, LITTLE_ENDIAN);
  }

  /** As many shorts as there are lanes, unsigned. */
  static IntVector shorts(MemorySegment w, long at) {
    return (IntVector)
        ShortVector.fromMemorySegment(I16, w, at, LITTLE_ENDIAN)
            .convertShape(VectorOperators.ZERO_EXTEND_S2I, I32, 0);
  }

  /** As the one below, with the mask in a register. */
  static FloatVector field(IntVector codes, IntVector mask) {
    return Stored.floats(codes.and(mask));
  }

  /** The codes under the mask, times the value of its lowest bit. */
  static FloatVector field(IntVector codes, int mask) {
    return Stored.floats(codes.and(mask));
  }

  /** The codes under the mask, less an offset, times the value of the mask's lowest bit. */
  static FloatVector signed(IntVector codes, IntVector mask, IntVector offset) {
    return Stored.floats(codes.and(mask).sub(offset));
  }

  static FloatVector load(float[] values, int offset) {
    return FloatVector.fromArray(F32, values, offset);
  }

  /** y[i] += Σ_run sums[run, i]·scales[run, i] for sixteen rows. */
  static void addScaled(
      float[] sums, int sumsAt, int runs, float[] scales, int so, float[] y, int yo) {
    for (int lane = 0; lane < ROWS; lane += COUNT) {
      FloatVector sum = load(y, yo + lane);
      for (int i = lane; i < runs * ROWS; i += ROWS) {
        sum = load(sums, sumsAt + i).fma(load(scales, so + i), sum);
      }
      sum.intoArray(y, yo + lane);
    }
  }

  /**
   * out[c] = x[c]·factors[c modulo their number], for the columns of some runs; sums[run] = Σ x[c]
   * of the run.
   */
  static void prepare(
      float[] x, int xo, float[] factors, int runs, int columns, float[] out, int oo, int sumsAt) {
    for (int run = 0; run < runs; run++) {
      FloatVector sum = FloatVector.zero(F32);
      int from = run * columns;
      for (int c = from; c < from + columns; c += COUNT) {
        FloatVector some = load(x, xo + c);
        sum = sum.add(some);
        some.mul(load(factors, c % factors.length)).intoArray(out, oo + c);
      }
      out[sumsAt + run] = sum.reduceLanes(VectorOperators.ADD);
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
