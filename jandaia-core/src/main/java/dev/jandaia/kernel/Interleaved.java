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
import jdk.incubator.vector.ShortVector;
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
  static void halves(MemorySegment w, long at, int count, float[] floats, int offset) {
    short[] halves = Scratch.ofThread().halves(count);
    MemorySegment.copy(w, SHORT, at, halves, 0, count);
    VectorDecode.halves(halves, 0, floats, offset, count);
  }

  /**
   * scales[block, run, i] = d[block, i]·s, of the signed bytes s of sixteen rows.
   *
   * @param stride bytes from one run to the next
   * @param ds {@code d}, with so many floats from one block to the next
   */
  static void scaleBytes(
      MemorySegment w,
      long first,
      int stride,
      int runs,
      float[] ds,
      int dStride,
      int blocks,
      float[] scales,
      int so) {
    for (int lane = 0; lane < ROWS; lane += COUNT) {
      long from = first + lane;
      int to = so + lane;
      for (int block = 0; block < blocks; block++) {
        FloatVector d = load(ds, block * dStride + lane);
        for (int run = 0; run < runs; run++, from += stride, to += ROWS) {
          Stored.signedFloats(w, from).mul(d).intoArray(scales, to);
        }
      }
    }
  }

  /** The int x[i] in every lane, as pairs of shorts. */
  static ShortVector shorts(int[] x, int i) {
    return IntVector.broadcast(I32, x[i]).reinterpretAsShorts();
  }

  /** The float of which x[i] are the bits in every lane. */
  static FloatVector floats(int[] x, int i) {
    return IntVector.broadcast(I32, x[i]).reinterpretAsFloats();
  }

  /** In each lane of ints the sum of its halves, modulo 2¹⁶. */
  static IntVector total(ShortVector halves) {
    IntVector both = halves.reinterpretAsInts();
    return both.add(both.lanewise(VectorOperators.LSHL, 16)).lanewise(VectorOperators.ASHR, 16);
  }

  /** Ints as floats, times a float of which x[factor] are the bits. */
  static FloatVector scaled(int[] sums, int at, int[] x, int factor) {
    return Stored.floats(IntVector.fromArray(I32, sums, at)).mul(floats(x, factor));
  }
}
