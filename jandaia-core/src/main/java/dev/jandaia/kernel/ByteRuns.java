package dev.jandaia.kernel;

import static dev.jandaia.kernel.Interleaved.field;
import static dev.jandaia.kernel.Interleaved.ints;
import static dev.jandaia.kernel.Interleaved.load;
import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;
import static dev.jandaia.kernel.Lanes.I32;
import static dev.jandaia.kernel.packed.RowGroups.ROWS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Signed codes of eight bits: an int of a row holds four columns, the first one lowest. The last
 * one has its sign where the int has it; the others are plus 128, which is subtracted before they
 * meet x: sums of codes that are all positive would lose two bits.
 */
final class ByteRuns implements RunCodes {
  /** Columns of an int. */
  private static final int COLUMNS = 4;

  private static final int STEP = 4 * ROWS;

  /** By what activations are multiplied. */
  private static final float[] FACTORS = new float[Math.max(COUNT, COLUMNS)];

  static {
    for (int c = 0; c < FACTORS.length; c++) {
      FACTORS[c] = Math.scalb(1f, -8 * (c % COLUMNS));
    }
  }

  private final int runColumns;

  /** Codes in runs of so many columns. */
  ByteRuns(int runColumns) {
    this.runColumns = runColumns;
  }

  /** Four bytes, each a code plus 128, as they are kept. */
  static int word(int codes) {
    return codes ^ 0x80000000;
  }

  @Override
  public int runBytes() {
    return runColumns * ROWS;
  }

  @Override
  public void prepare(float[] x, int xo, int runs, float[] out, int startsAt) {
    FloatVector factors = load(FACTORS, 0);
    for (int c = 0; c < runs * runColumns; c += COUNT) {
      load(x, xo + c).mul(factors).intoArray(out, c);
    }
  }

  @Override
  public void one(
      MemorySegment w,
      long first,
      long second,
      float[] x,
      int startsAt,
      int runs,
      float[] scales,
      int nextScales,
      float[] sums,
      float[] y) {
    int steps = runColumns / COLUMNS;
    long next = second - first;
    IntVector m0 = IntVector.broadcast(I32, 0xFF);
    IntVector m1 = IntVector.broadcast(I32, 0xFF00);
    IntVector m2 = IntVector.broadcast(I32, 0xFF0000);
    IntVector m3 = IntVector.broadcast(I32, 0xFF000000);
    IntVector o0 = IntVector.broadcast(I32, 0x80);
    IntVector o1 = IntVector.broadcast(I32, 0x8000);
    IntVector o2 = IntVector.broadcast(I32, 0x800000);
    for (int lane = 0; lane < ROWS; lane += COUNT) {
      long at = first + 4 * lane;
      int xi = 0;
      int so = lane;
      for (int run = 0; run < runs; run++, so += ROWS) {
        FloatVector even0 = FloatVector.zero(F32);
        FloatVector odd0 = even0;
        FloatVector even1 = even0;
        FloatVector odd1 = even0;
        for (int i = 0; i < steps; i++, at += STEP, xi += COLUMNS) {
          IntVector codes0 = ints(w, at);
          IntVector codes1 = ints(w, at + next);
          FloatVector xs = FloatVector.broadcast(F32, x[xi]);
          even0 = signed(codes0, m0, o0).fma(xs, even0);
          even1 = signed(codes1, m0, o0).fma(xs, even1);
          xs = FloatVector.broadcast(F32, x[xi + 1]);
          odd0 = signed(codes0, m1, o1).fma(xs, odd0);
          odd1 = signed(codes1, m1, o1).fma(xs, odd1);
          xs = FloatVector.broadcast(F32, x[xi + 2]);
          even0 = signed(codes0, m2, o2).fma(xs, even0);
          even1 = signed(codes1, m2, o2).fma(xs, even1);
          xs = FloatVector.broadcast(F32, x[xi + 3]);
          odd0 = field(codes0, m3).fma(xs, odd0);
          odd1 = field(codes1, m3).fma(xs, odd1);
        }
        even0.add(odd0).intoArray(sums, so);
        even1.add(odd1).intoArray(sums, runs * ROWS + so);
      }
    }
    addScaled(sums, 0, runs, scales, 0, y, 0);
    addScaled(sums, runs * ROWS, runs, scales, nextScales, y, ROWS);
  }

  /**
   * y[i] += Σ_run sums[run, i]·scales[run, i] for sixteen rows. Apart, because the loop over codes
   * is as long as the compiler takes.
   */
  private static void addScaled(
      float[] sums, int at, int runs, float[] scales, int so, float[] y, int yo) {
    for (int lane = 0; lane < ROWS; lane += COUNT) {
      FloatVector sum = load(y, yo + lane);
      for (int i = lane; i < runs * ROWS; i += ROWS) {
        sum = load(sums, at + i).fma(load(scales, so + i), sum);
      }
      sum.intoArray(y, yo + lane);
    }
  }

  /** The codes under the mask, less an offset, times the value of the mask's lowest bit. */
  private static FloatVector signed(IntVector codes, IntVector mask, IntVector offset) {
    return Stored.floats(codes.and(mask).sub(offset));
  }

  @Override
  public void unpack(
      MemorySegment w,
      long first,
      int lane,
      float[] scales,
      int runs,
      float[] panel,
      int po,
      int width) {
    int steps = runColumns / COLUMNS;
    IntVector m0 = IntVector.broadcast(I32, 0xFF);
    IntVector m1 = IntVector.broadcast(I32, 0xFF00);
    IntVector m2 = IntVector.broadcast(I32, 0xFF0000);
    IntVector m3 = IntVector.broadcast(I32, 0xFF000000);
    IntVector o0 = IntVector.broadcast(I32, 0x80);
    IntVector o1 = IntVector.broadcast(I32, 0x8000);
    IntVector o2 = IntVector.broadcast(I32, 0x800000);
    long at = first + 4 * lane;
    int to = po;
    for (int run = 0; run < runs; run++) {
      FloatVector addend = load(scales, lane + (runs + run) * ROWS);
      FloatVector scale = load(scales, lane + run * ROWS);
      FloatVector second = scale.mul(0x1p-8f);
      FloatVector third = scale.mul(0x1p-16f);
      FloatVector fourth = scale.mul(0x1p-24f);
      for (int i = 0; i < steps; i++, at += STEP, to += COLUMNS * width) {
        IntVector codes = ints(w, at);
        signed(codes, m0, o0).fma(scale, addend).intoArray(panel, to);
        signed(codes, m1, o1).fma(second, addend).intoArray(panel, to + width);
        signed(codes, m2, o2).fma(third, addend).intoArray(panel, to + 2 * width);
        field(codes, m3).fma(fourth, addend).intoArray(panel, to + 3 * width);
      }
    }
  }
}
