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
 * <p>Products are taken modulo 2¹⁶, as {@link NibbleRuns} explains, but lane by lane: a lane with
 * the codes c₀ and c₁ meets q₀, and shifted by 8 bits q₁ − 256·q₀. Eight columns of centred codes
 * of six bits are at most 32·127·8 = 32,512: so many meet in a lane from a part of sixteen columns,
 * whose two lanes are then added as ints.
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

  /** Per part its multipliers and −centre·Σq of each lane, per run s and centre·s·Σq. */
  @Override
  public int preparedInts(int runs) {
    return sumsAt(runs) + runs;
  }

  @Override
  public int factorsAt(int runs) {
    return parts(runs) * (MULTIPLIERS + 1);
  }

  @Override
  public int sumsAt(int runs) {
    return factorsAt(runs) + runs;
  }

  @Override
  public void prepare(float[] x, int xo, int runs, int[] out, int oo) {
    int[] q = Scratch.ofThread().codes(RoundedColumns.COLUMNS);
    int starts = oo + parts(runs) * MULTIPLIERS;
    for (int c = 0; c < runs * runColumns; c += RoundedColumns.COLUMNS) {
      float scale = RoundedColumns.round(x, xo + c, q);
      for (int i = 0; i < RoundedColumns.COLUMNS; i += PART) {
        int part = (c + i) / PART;
        int lanes = 0;
        for (int word = 0; word < WORDS; word++) {
          int column = i + COLUMNS * word;
          multipliers(q, column, out, oo + part * MULTIPLIERS + word);
          lanes = addLanes(lanes, q[column] + q[column + 1], q[column + 2] + q[column + 3]);
        }
        out[starts + part] = lanes;
      }
      for (int i = 0; i < RoundedColumns.COLUMNS; i += runColumns) {
        int run = (c + i) / runColumns;
        float sum = centre * scale * RoundedColumns.sum(q, i, i + runColumns);
        out[oo + factorsAt(runs) + run] = Float.floatToRawIntBits(scale);
        out[oo + sumsAt(runs) + run] = Float.floatToRawIntBits(sum);
      }
    }
  }

  /** The two lanes of an int, less centre·low and centre·high. */
  private int addLanes(int lanes, int low, int high) {
    return lanes - centre * low & 0xFFFF | (lanes >> 16) - centre * high << 16;
  }

  /** Of the int whose first column is {@code c}; those of the other ints lie between them. */
  private static void multipliers(int[] q, int c, int[] out, int at) {
    out[at] = q[c] & 0xFFFF | q[c + 2] << 16;
    out[at + WORDS] = q[c + 1] - 256 * q[c] & 0xFFFF | q[c + 3] - 256 * q[c + 2] << 16;
  }

  @Override
  public void sums(
      MemorySegment w, long first, long stride, int groups, int[] x, int xo, int runs, int[] sums) {
    int starts = xo + parts(runs) * MULTIPLIERS;
    int partsOfRun = runColumns / PART;
    for (int lane = 0; lane < ROWS; lane += COUNT) {
      for (int run = 0; run < runs; run++) {
        for (int group = 0; group < groups; group++) {
          IntVector sum = IntVector.zero(I32);
          for (int part = run * partsOfRun; part < (run + 1) * partsOfRun; part++) {
            long at = first + 4 * lane + group * stride + part * (long) (WORDS * STEP);
            ShortVector w0 = ints(w, at).reinterpretAsShorts();
            ShortVector w1 = ints(w, at + STEP).reinterpretAsShorts();
            ShortVector w2 = ints(w, at + 2 * STEP).reinterpretAsShorts();
            ShortVector w3 = ints(w, at + 3 * STEP).reinterpretAsShorts();
            int xi = xo + part * MULTIPLIERS;
            ShortVector sum0 = w0.mul(shorts(x, xi)).add(shorts(x, starts + part));
            ShortVector sum1 = w1.mul(shorts(x, xi + 1));
            ShortVector sum2 = w2.mul(shorts(x, xi + 2));
            ShortVector sum3 = w3.mul(shorts(x, xi + 3));
            sum0 = sum0.add(w0.lanewise(VectorOperators.LSHR, 8).mul(shorts(x, xi + 4)));
            sum1 = sum1.add(w1.lanewise(VectorOperators.LSHR, 8).mul(shorts(x, xi + 5)));
            sum2 = sum2.add(w2.lanewise(VectorOperators.LSHR, 8).mul(shorts(x, xi + 6)));
            sum3 = sum3.add(w3.lanewise(VectorOperators.LSHR, 8).mul(shorts(x, xi + 7)));
            IntVector lanes = sum0.add(sum1).add(sum2.add(sum3)).reinterpretAsInts();
            IntVector low =
                lanes.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
            sum = sum.add(low).add(lanes.lanewise(VectorOperators.ASHR, 16));
          }
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
