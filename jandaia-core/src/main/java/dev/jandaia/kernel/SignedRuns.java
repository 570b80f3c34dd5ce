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
 * Signed codes of eight bits in runs of 32 columns, kept plus 128: an int of a row holds four
 * columns, the first one lowest.
 *
 * <p>Products are taken in lanes of sixteen bits and modulo 2¹⁶, lane by lane, as {@link ByteRuns}
 * explains. The two products of a lane are at most 2·128·127 = 32,512 and no third one fits, so
 * lanes are added up as ints. Plus 2¹⁵ they are from 0 to 2¹⁶ − 1, and an int with the lanes l and
 * h is l + 2¹⁶·h: the sums of ints and of their upper halves give both, and Σ(l + h) = Σ int −
 * 2¹⁶·Σh + Σh.
 */
record SignedRuns() implements RunCodes {
  private static final int RUN = 32;

  /** Columns of an int. */
  private static final int COLUMNS = 4;

  private static final int WORDS = RUN / COLUMNS;

  private static final int STEP = 4 * ROWS;

  /** What is subtracted from a code. */
  private static final int CENTRE = 128;

  /** What is added to a lane. */
  private static final int BIAS = 1 << 15;

  /** Multipliers of an int, for its two shifts, and what is added to its lanes. */
  private static final int MULTIPLIERS = 3;

  @Override
  public int runBytes() {
    return RUN * ROWS;
  }

  /** Per run those of its ints, and s; all scales together. */
  @Override
  public int preparedInts(int runs) {
    return runs * (WORDS * MULTIPLIERS + 1);
  }

  @Override
  public int factorsAt(int runs) {
    return runs * WORDS * MULTIPLIERS;
  }

  @Override
  public int sumsAt(int runs) {
    throw new IllegalStateException(this + " meet no minima");
  }

  @Override
  public void prepare(float[] x, int xo, int runs, int[] out, int oo) {
    int[] q = Scratch.ofThread().codes(RUN);
    int scales = oo + factorsAt(runs);
    for (int run = 0; run < runs; run++) {
      float scale = RoundedColumns.round(x, xo + run * RUN, q);
      for (int word = 0; word < WORDS; word++) {
        multipliers(q, COLUMNS * word, out, oo + (run * WORDS + word) * MULTIPLIERS);
      }
      out[scales + run] = Float.floatToRawIntBits(scale);
    }
  }

  /** Of the int whose first column is {@code c}. */
  private static void multipliers(int[] q, int c, int[] out, int at) {
    out[at] = pair(q[c], q[c + 2]);
    out[at + 1] = pair(q[c + 1] - 256 * q[c], q[c + 3] - 256 * q[c + 2]);
    out[at + 2] = pair(BIAS - CENTRE * (q[c] + q[c + 1]), BIAS - CENTRE * (q[c + 2] + q[c + 3]));
  }

  private static int pair(int low, int high) {
    return low & 0xFFFF | high << 16;
  }

  @Override
  public void sums(
      MemorySegment w, long first, long stride, int groups, int[] x, int xo, int runs, int[] sums) {
    IntVector biases = IntVector.broadcast(I32, -2 * WORDS * BIAS);
    for (int lane = 0; lane < ROWS; lane += COUNT) {
      for (int run = 0; run < runs; run++) {
        for (int group = 0; group < groups; group++) {
          long at = first + group * stride + run * (long) (WORDS * STEP) + 4 * lane;
          int xi = xo + run * WORDS * MULTIPLIERS;
          IntVector both = biases;
          IntVector high = IntVector.zero(I32);
          for (int word = 0; word < WORDS; word++, at += STEP, xi += MULTIPLIERS) {
            ShortVector codes = ints(w, at).reinterpretAsShorts();
            ShortVector odd = codes.lanewise(VectorOperators.LSHR, 8).mul(shorts(x, xi + 1));
            ShortVector even = codes.mul(shorts(x, xi)).add(shorts(x, xi + 2));
            IntVector lanes = even.add(odd).reinterpretAsInts();
            both = both.add(lanes);
            high = high.add(lanes.lanewise(VectorOperators.LSHR, 16));
          }
          both.sub(high.lanewise(VectorOperators.LSHL, 16))
              .add(high)
              .intoArray(sums, (group * runs + run) * ROWS + lane);
        }
      }
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
      for (int i = 0; i < WORDS; i++, at += STEP, to += COLUMNS * width) {
        // The last code gets its sign where the int has it.
        IntVector codes = ints(w, at).lanewise(VectorOperators.XOR, 0x80000000);
        signed(codes, m0, o0).fma(scale, addend).intoArray(panel, to);
        signed(codes, m1, o1).fma(second, addend).intoArray(panel, to + width);
        signed(codes, m2, o2).fma(third, addend).intoArray(panel, to + 2 * width);
        field(codes, m3).fma(fourth, addend).intoArray(panel, to + 3 * width);
      }
    }
  }
}
