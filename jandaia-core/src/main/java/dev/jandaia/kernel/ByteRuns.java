package dev.jandaia.kernel;

import static dev.jandaia.kernel.Interleaved.field;
import static dev.jandaia.kernel.Interleaved.ints;
import static dev.jandaia.kernel.Interleaved.load;
import static dev.jandaia.kernel.Interleaved.shorts;
import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.I32;
import static dev.jandaia.kernel.packed.RowGroups.ROWS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Codes of five or six bits around a centre, kept as bytes: an int of a row holds four columns, the
 * first one lowest.
 *
 * <p>Products are taken modulo 2¹⁶, as {@link NibbleRuns} explains, with shifts by 0 and 8 bits:
 * the multipliers are qⱼ − 256·qⱼ₋₁. Eight columns of centred codes of six bits are at most
 * 32·127·8 = 32,512; so two sums, of eight columns each, are taken of a part of sixteen, and added
 * as ints.
 *
 * @param runColumns columns of a run: 16 or 32
 * @param centre what is subtracted from a code: 16 or 32
 */
record ByteRuns(int runColumns, int centre) implements RunCodes {
  /** Columns of an int. */
  private static final int COLUMNS = 4;

  private static final int STEP = 4 * ROWS;

  /** Columns of a part, and its ints. */
  private static final int PART = 16;

  private static final int WORDS = PART / COLUMNS;

  /** Shifts of an int: the multipliers of its halves for one shift are an int. */
  private static final int SHIFTS = 2;

  private static final int MULTIPLIERS = WORDS * SHIFTS;

  @Override
  public int runBytes() {
    return runColumns * ROWS;
  }

  private int parts(int runs) {
    return runs * (runColumns / PART);
  }

  /** Per part its multipliers, −centre·Σq of each half and s, and per run s·Σq. */
  @Override
  public int preparedInts(int runs) {
    return sumsAt(runs) + runs;
  }

  @Override
  public int sumsAt(int runs) {
    return parts(runs) * (MULTIPLIERS + 3);
  }

  @Override
  public void prepare(float[] x, int xo, int runs, int[] out, int oo) {
    int[] q = Scratch.ofThread().codes(RoundedColumns.COLUMNS);
    int parts = parts(runs);
    int starts = oo + parts * MULTIPLIERS;
    int scales = starts + 2 * parts;
    int sums = oo + sumsAt(runs);
    for (int c = 0; c < runs * runColumns; c += RoundedColumns.COLUMNS) {
      float scale = RoundedColumns.round(x, xo + c, q);
      for (int i = 0; i < RoundedColumns.COLUMNS; i += PART) {
        int part = (c + i) / PART;
        for (int word = 0; word < WORDS; word++) {
          multipliers(q, i + COLUMNS * word, out, oo + part * MULTIPLIERS + word);
        }
        out[starts + 2 * part] = -centre * RoundedColumns.sum(q, i, i + PART / 2) & 0xFFFF;
        out[starts + 2 * part + 1] =
            -centre * RoundedColumns.sum(q, i + PART / 2, i + PART) & 0xFFFF;
        out[scales + part] = Float.floatToRawIntBits(scale);
      }
      for (int i = 0; i < RoundedColumns.COLUMNS; i += runColumns) {
        float sum = scale * RoundedColumns.sum(q, i, i + runColumns);
        out[sums + (c + i) / runColumns] = Float.floatToRawIntBits(sum);
      }
    }
  }

  /** Of the int whose first column is {@code c}; those of the other ints lie between them. */
  private static void multipliers(int[] q, int c, int[] out, int at) {
    int m0 = q[c];
    int m1 = q[c + 1] - 256 * q[c];
    int m2 = q[c + 2] - 256 * q[c + 1];
    int m3 = q[c + 3] - 256 * q[c + 2];
    out[at] = m0 & 0xFFFF | m2 << 16;
    out[at + WORDS] = m1 & 0xFFFF | m3 << 16;
  }

  @Override
  public void multiply(
      MemorySegment w,
      long first,
      long stride,
      int groups,
      int[] x,
      int xo,
      int runs,
      float[] scales,
      int scalesStride,
      float[] y) {
    int parts = parts(runs);
    int[] sums = Scratch.ofThread().sums(groups * parts * ROWS);
    sums(w, first, stride, groups, x, xo, parts, sums);
    for (int group = 0; group < groups; group++) {
      int from = group * parts * ROWS;
      int factors = xo + parts * (MULTIPLIERS + 2);
      int scalesAt = group * scalesStride;
      Interleaved.addScaled(sums, from, parts, x, factors, scales, scalesAt, runs, y, group * ROWS);
    }
  }

  /** sums[group, part, i] = Σ (code − centre)·q. */
  private static void sums(
      MemorySegment w,
      long first,
      long stride,
      int groups,
      int[] x,
      int xo,
      int parts,
      int[] sums) {
    int starts = xo + parts * MULTIPLIERS;
    for (int lane = 0; lane < ROWS; lane += COUNT) {
      for (int part = 0; part < parts; part++) {
        for (int group = 0; group < groups; group++) {
          long at = first + 4 * lane + group * stride + part * (long) (WORDS * STEP);
          IntVector w0 = ints(w, at);
          IntVector w1 = ints(w, at + STEP);
          IntVector w2 = ints(w, at + 2 * STEP);
          IntVector w3 = ints(w, at + 3 * STEP);
          ShortVector sum0 = shorts(x, starts + 2 * part);
          ShortVector sum1 = IntVector.zero(I32).reinterpretAsShorts();
          ShortVector sum2 = shorts(x, starts + 2 * part + 1);
          ShortVector sum3 = sum1;
          int xi = xo + part * MULTIPLIERS;
          for (int j = 0; j < SHIFTS; j++, xi += WORDS) {
            sum0 = sum0.add(w0.reinterpretAsShorts().mul(shorts(x, xi)));
            sum1 = sum1.add(w1.reinterpretAsShorts().mul(shorts(x, xi + 1)));
            sum2 = sum2.add(w2.reinterpretAsShorts().mul(shorts(x, xi + 2)));
            sum3 = sum3.add(w3.reinterpretAsShorts().mul(shorts(x, xi + 3)));
            w0 = w0.lanewise(VectorOperators.LSHR, 8);
            w1 = w1.lanewise(VectorOperators.LSHR, 8);
            w2 = w2.lanewise(VectorOperators.LSHR, 8);
            w3 = w3.lanewise(VectorOperators.LSHR, 8);
          }
          IntVector sum = Interleaved.total(sum0.add(sum1));
          sum = sum.add(Interleaved.total(sum2.add(sum3)));
          sum.intoArray(sums, (group * parts + part) * ROWS + lane);
        }
      }
    }
  }

  /**
   * A field is not shifted down: masked, it is 2ᵏ times the code, and meets 2⁻ᵏ times the scale.
   */
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
    long at = first + 4 * lane;
    int to = po;
    for (int run = 0; run < runs; run++) {
      FloatVector scale = load(scales, lane + run * ROWS);
      FloatVector addend = load(scales, lane + (runs + run) * ROWS).sub(scale.mul(centre));
      FloatVector second = scale.mul(0x1p-8f);
      FloatVector third = scale.mul(0x1p-16f);
      FloatVector fourth = scale.mul(0x1p-24f);
      for (int i = 0; i < steps; i++, at += STEP, to += COLUMNS * width) {
        IntVector codes = ints(w, at);
        field(codes, m0).fma(scale, addend).intoArray(panel, to);
        field(codes, m1).fma(second, addend).intoArray(panel, to + width);
        field(codes, m2).fma(third, addend).intoArray(panel, to + 2 * width);
        field(codes, m3).fma(fourth, addend).intoArray(panel, to + 3 * width);
      }
    }
  }
}
