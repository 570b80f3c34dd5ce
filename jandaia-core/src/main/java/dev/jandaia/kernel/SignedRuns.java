package dev.jandaia.kernel;

import static dev.jandaia.kernel.Interleaved.field;
import static dev.jandaia.kernel.Interleaved.floats;
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
 * Signed codes of eight bits in runs of 32 columns: an int of a row holds four columns, the first
 * one lowest. The last one has its sign where the int has it; the others are plus 128, which is
 * subtracted before they meet x: sums of codes that are all positive would lose two bits.
 *
 * <p>Activations are taken as they are: in lanes of sixteen bits no sum of more than two products
 * of bytes fits, and what that costs is no less than floats. A field is not shifted down: masked,
 * it is an int and soon a float that is 2ᵏ times the code, exactly, and the activation it meets has
 * been multiplied by 2⁻ᵏ instead.
 */
record SignedRuns() implements RunCodes {
  private static final int RUN = 32;

  /** Columns of an int. */
  private static final int COLUMNS = 4;

  private static final int WORDS = RUN / COLUMNS;

  private static final int STEP = 4 * ROWS;

  /** By what activations are multiplied. */
  private static final float[] FACTORS = new float[Math.max(COUNT, COLUMNS)];

  static {
    for (int c = 0; c < FACTORS.length; c++) {
      FACTORS[c] = Math.scalb(1f, -8 * (c % COLUMNS));
    }
  }

  /** Four bytes, each a code plus 128, as they are kept. */
  static int word(int codes) {
    return codes ^ 0x80000000;
  }

  @Override
  public int runBytes() {
    return RUN * ROWS;
  }

  /** The bits of the activations, multiplied into place. */
  @Override
  public int preparedInts(int runs) {
    return runs * RUN;
  }

  @Override
  public void prepare(float[] x, int xo, int runs, int[] out, int oo) {
    FloatVector factors = load(FACTORS, 0);
    for (int c = 0; c < runs * RUN; c += COUNT) {
      load(x, xo + c).mul(factors).reinterpretAsInts().intoArray(out, oo + c);
    }
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
    IntVector m0 = IntVector.broadcast(I32, 0xFF);
    IntVector m1 = IntVector.broadcast(I32, 0xFF00);
    IntVector m2 = IntVector.broadcast(I32, 0xFF0000);
    IntVector m3 = IntVector.broadcast(I32, 0xFF000000);
    IntVector o0 = IntVector.broadcast(I32, 0x80);
    IntVector o1 = IntVector.broadcast(I32, 0x8000);
    IntVector o2 = IntVector.broadcast(I32, 0x800000);
    for (int lane = 0; lane < ROWS; lane += COUNT) {
      for (int run = 0; run < runs; run++) {
        for (int group = 0; group < groups; group++) {
          long at = first + group * stride + run * (long) (WORDS * STEP) + 4 * lane;
          int xi = xo + run * RUN;
          FloatVector even = FloatVector.zero(F32);
          FloatVector odd = even;
          for (int i = 0; i < WORDS; i++, at += STEP, xi += COLUMNS) {
            IntVector codes = ints(w, at);
            even = signed(codes, m0, o0).fma(floats(x, xi), even);
            odd = signed(codes, m1, o1).fma(floats(x, xi + 1), odd);
            even = signed(codes, m2, o2).fma(floats(x, xi + 2), even);
            odd = field(codes, m3).fma(floats(x, xi + 3), odd);
          }
          int yo = group * ROWS + lane;
          FloatVector scale = load(scales, group * scalesStride + run * ROWS + lane);
          even.add(odd).fma(scale, load(y, yo)).intoArray(y, yo);
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
        IntVector codes = ints(w, at);
        signed(codes, m0, o0).fma(scale, addend).intoArray(panel, to);
        signed(codes, m1, o1).fma(second, addend).intoArray(panel, to + width);
        signed(codes, m2, o2).fma(third, addend).intoArray(panel, to + 2 * width);
        field(codes, m3).fma(fourth, addend).intoArray(panel, to + 3 * width);
      }
    }
  }
}
