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
import jdk.incubator.vector.VectorOperators;

/**
 * Codes of four bits, plus an offset, in runs of 32 columns. An int of a row holds eight of them,
 * as Q4_0 has them: the lower halves of its bytes are columns 4i to 4i + 3, the upper ones columns
 * 16 + 4i to 16 + 4i + 3.
 */
final class NibbleRuns implements RunCodes {
  private static final int RUN = 32;

  /** Ints of a run of a row. */
  private static final int WORDS = 4;

  private static final int STEP = 4 * ROWS;

  /** By what activations are multiplied: of two bytes, the lower half of the first is as it is. */
  private static final float[] FACTORS = new float[RUN];

  static {
    for (int c = 0; c < RUN; c++) {
      FACTORS[c] = Math.scalb(1f, -4 * (2 * (c % 2) + c / 16));
    }
  }

  private final float offset;

  NibbleRuns(int offset) {
    this.offset = offset;
  }

  @Override
  public int runBytes() {
    return WORDS * STEP;
  }

  @Override
  public void prepare(float[] x, int xo, int runs, float[] out, int startsAt) {
    for (int run = 0; run < runs; run++) {
      FloatVector sum = FloatVector.zero(F32);
      int at = run * RUN;
      for (int c = 0; c < RUN; c += COUNT) {
        FloatVector some = load(x, xo + at + c);
        sum = sum.add(some);
        some.mul(load(FACTORS, c)).intoArray(out, at + c);
      }
      out[startsAt + run] = -offset * sum.reduceLanes(VectorOperators.ADD);
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
      float[] y) {
    long next = second - first;
    IntVector m0 = IntVector.broadcast(I32, 0xF);
    IntVector m1 = IntVector.broadcast(I32, 0xF0);
    IntVector m2 = IntVector.broadcast(I32, 0xF00);
    IntVector m3 = IntVector.broadcast(I32, 0xF000);
    for (int lane = 0; lane < ROWS; lane += COUNT) {
      long at = first + 4 * lane;
      int so = lane;
      FloatVector sum0 = load(y, lane);
      FloatVector sum1 = load(y, ROWS + lane);
      for (int run = 0; run < runs; run++, so += ROWS) {
        FloatVector even0 = FloatVector.broadcast(F32, x[startsAt + run]);
        FloatVector even1 = even0;
        FloatVector odd0 = FloatVector.zero(F32);
        FloatVector odd1 = odd0;
        int xi = run * RUN;
        for (int i = 0; i < WORDS; i++, at += STEP) {
          IntVector codes0 = ints(w, at);
          IntVector codes1 = ints(w, at + next);
          for (int half = 0; half < 2; half++, xi += 2) {
            FloatVector xs = FloatVector.broadcast(F32, x[xi]);
            even0 = field(codes0, m0).fma(xs, even0);
            even1 = field(codes1, m0).fma(xs, even1);
            xs = FloatVector.broadcast(F32, x[xi + 16]);
            odd0 = field(codes0, m1).fma(xs, odd0);
            odd1 = field(codes1, m1).fma(xs, odd1);
            xs = FloatVector.broadcast(F32, x[xi + 1]);
            even0 = field(codes0, m2).fma(xs, even0);
            even1 = field(codes1, m2).fma(xs, even1);
            xs = FloatVector.broadcast(F32, x[xi + 17]);
            odd0 = field(codes0, m3).fma(xs, odd0);
            odd1 = field(codes1, m3).fma(xs, odd1);
            codes0 = codes0.lanewise(VectorOperators.LSHR, 16);
            codes1 = codes1.lanewise(VectorOperators.LSHR, 16);
          }
        }
        sum0 = even0.add(odd0).fma(load(scales, so), sum0);
        sum1 = even1.add(odd1).fma(load(scales, nextScales + so), sum1);
      }
      sum0.intoArray(y, lane);
      sum1.intoArray(y, ROWS + lane);
    }
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
    IntVector m0 = IntVector.broadcast(I32, 0xF);
    IntVector m1 = IntVector.broadcast(I32, 0xF0);
    IntVector m2 = IntVector.broadcast(I32, 0xF00);
    IntVector m3 = IntVector.broadcast(I32, 0xF000);
    long at = first + 4 * lane;
    for (int run = 0; run < runs; run++) {
      FloatVector scale = load(scales, lane + run * ROWS);
      FloatVector addend = load(scales, lane + (runs + run) * ROWS).sub(scale.mul(offset));
      FloatVector second = scale.mul(0x1p-4f);
      FloatVector third = scale.mul(0x1p-8f);
      FloatVector fourth = scale.mul(0x1p-12f);
      int to = po + run * RUN * width;
      for (int i = 0; i < WORDS; i++, at += STEP) {
        IntVector codes = ints(w, at);
        for (int half = 0; half < 2; half++, to += 2 * width) {
          field(codes, m0).fma(scale, addend).intoArray(panel, to);
          field(codes, m1).fma(second, addend).intoArray(panel, to + 16 * width);
          field(codes, m2).fma(third, addend).intoArray(panel, to + width);
          field(codes, m3).fma(fourth, addend).intoArray(panel, to + 17 * width);
          codes = codes.lanewise(VectorOperators.LSHR, 16);
        }
      }
    }
  }
}
