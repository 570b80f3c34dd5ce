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
 * Codes of four bits around 8, in runs of 32 columns. An int of a row holds eight of them, as Q4_0
 * has them: the lower halves of its bytes are columns 4i to 4i + 3, the upper ones columns 16 + 4i
 * to 16 + 4i + 3.
 *
 * <p>Products are taken in lanes of sixteen bits, and modulo 2¹⁶: Σ (code − 8)·q of a run is at
 * most 8·127·32 = 32,512 and survives. So fields need no masks. An int w with the codes c₀ … c₇ is
 * shifted by 0, 4, 8 and 12 bits, and both halves of each are multiplied: these are w ≫ 4j for j
 * from 0 to 7, modulo 2¹⁶, and Σ cⱼ·qⱼ = Σ (w ≫ 4j)·(qⱼ − 16·qⱼ₋₁), because cⱼ = (w ≫ 4j) − 16·(w ≫
 * 4(j + 1)).
 */
record NibbleRuns() implements RunCodes {
  private static final int RUN = 32;

  /** Ints of a run of a row. */
  private static final int WORDS = 4;

  private static final int STEP = 4 * ROWS;

  /** Shifts of an int: the multipliers of its halves for one shift are an int. */
  private static final int SHIFTS = 4;

  private static final int MULTIPLIERS = WORDS * SHIFTS;

  /** What is subtracted from a code. */
  static final int CENTRE = 8;

  @Override
  public int runBytes() {
    return WORDS * STEP;
  }

  /** Per run its multipliers, −8·Σq, s and 8·s·Σq; each kind of all runs together. */
  @Override
  public int preparedInts(int runs) {
    return runs * (MULTIPLIERS + 3);
  }

  @Override
  public int factorsAt(int runs) {
    return runs * (MULTIPLIERS + 1);
  }

  @Override
  public int sumsAt(int runs) {
    return runs * (MULTIPLIERS + 2);
  }

  @Override
  public void prepare(float[] x, int xo, int runs, int[] out, int oo) {
    int[] q = Scratch.ofThread().codes(RUN);
    int starts = oo + runs * MULTIPLIERS;
    for (int run = 0; run < runs; run++) {
      float scale = RoundedColumns.round(x, xo + run * RUN, q);
      int sum = RoundedColumns.sum(q, 0, RUN);
      for (int word = 0; word < WORDS; word++) {
        multipliers(q, 4 * word, out, oo + run * MULTIPLIERS + word);
      }
      out[starts + run] = -CENTRE * sum & 0xFFFF;
      out[starts + runs + run] = Float.floatToRawIntBits(scale);
      out[starts + 2 * runs + run] = Float.floatToRawIntBits(CENTRE * scale * sum);
    }
  }

  /** Of the int whose first column is {@code c}; those of the other ints lie between them. */
  private static void multipliers(int[] q, int c, int[] out, int at) {
    int previous = 0;
    for (int j = 0; j < SHIFTS; j++) {
      int low = q[c + j / 2 + j % 2 * 16];
      out[at + j * WORDS] = low - 16 * previous & 0xFFFF;
      previous = low;
    }
    for (int j = 0; j < SHIFTS; j++) {
      int high = q[c + 2 + j / 2 + j % 2 * 16];
      out[at + j * WORDS] |= high - 16 * previous << 16;
      previous = high;
    }
  }

  /**
   * Each of four sums meets one multiplier in a turn: the compiler folds one load into each chain
   * of operations.
   */
  @Override
  public void sums(
      MemorySegment w, long first, long stride, int groups, int[] x, int xo, int runs, int[] sums) {
    int starts = xo + runs * MULTIPLIERS;
    for (int lane = 0; lane < ROWS; lane += COUNT) {
      for (int run = 0; run < runs; run++) {
        for (int group = 0; group < groups; group++) {
          long at = first + 4 * lane + group * stride + run * (long) (WORDS * STEP);
          IntVector w0 = ints(w, at);
          IntVector w1 = ints(w, at + STEP);
          IntVector w2 = ints(w, at + 2 * STEP);
          IntVector w3 = ints(w, at + 3 * STEP);
          ShortVector sum0 = shorts(x, starts + run);
          ShortVector sum1 = IntVector.zero(I32).reinterpretAsShorts();
          ShortVector sum2 = sum1;
          ShortVector sum3 = sum1;
          int xi = xo + run * MULTIPLIERS;
          for (int j = 0; j < SHIFTS; j++, xi += WORDS) {
            sum0 = sum0.add(w0.reinterpretAsShorts().mul(shorts(x, xi)));
            sum1 = sum1.add(w1.reinterpretAsShorts().mul(shorts(x, xi + 1)));
            sum2 = sum2.add(w2.reinterpretAsShorts().mul(shorts(x, xi + 2)));
            sum3 = sum3.add(w3.reinterpretAsShorts().mul(shorts(x, xi + 3)));
            w0 = w0.lanewise(VectorOperators.LSHR, 4);
            w1 = w1.lanewise(VectorOperators.LSHR, 4);
            w2 = w2.lanewise(VectorOperators.LSHR, 4);
            w3 = w3.lanewise(VectorOperators.LSHR, 4);
          }
          IntVector sum = Interleaved.total(sum0.add(sum1).add(sum2.add(sum3)));
          sum.intoArray(sums, (group * runs + run) * ROWS + lane);
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
    IntVector m0 = IntVector.broadcast(I32, 0xF);
    IntVector m1 = IntVector.broadcast(I32, 0xF0);
    IntVector m2 = IntVector.broadcast(I32, 0xF00);
    IntVector m3 = IntVector.broadcast(I32, 0xF000);
    long at = first + 4 * lane;
    for (int run = 0; run < runs; run++) {
      FloatVector scale = load(scales, lane + run * ROWS);
      FloatVector addend = load(scales, lane + (runs + run) * ROWS).sub(scale.mul(CENTRE));
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
