package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;
import static dev.jandaia.kernel.Lanes.I16;
import static dev.jandaia.kernel.Lanes.I32;
import static dev.jandaia.kernel.Lanes.I8;
import static dev.jandaia.kernel.Lanes.PARTS;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Encoded rows of caches back to floats. */
final class VectorDecode {
  private static final VectorSpecies<Long> I64 =
      LongVector.SPECIES_PREFERRED.withShape(VectorShape.forBitSize(32 * COUNT));

  private static final int STEP = PackedCodes.STEP;
  private static final int[] FOUR_SHIFTS = shifts(lane -> 4 * (lane >> 1));
  private static final int[] TWO_SHIFTS = shifts(lane -> 2 * lane);
  private static final int[] ONE_SHIFTS = shifts(lane -> lane);

  private VectorDecode() {}

  private static int[] shifts(java.util.function.IntUnaryOperator ofLane) {
    return java.util.stream.IntStream.range(0, COUNT).map(ofLane).toArray();
  }

  /**
   * {@link Kernels#halvesToFloats}. C2 makes one instruction of sixteen conversions where it finds
   * them in a loop over arrays.
   */
  static void halves(short[] in, int io, float[] out, int oo, int length) {
    for (int i = 0; i < length; i++) {
      out[oo + i] = Float.float16ToFloat(in[io + i]);
    }
  }

  /** {@link Kernels#brainsToFloats}. */
  static void brains(short[] in, int io, float[] out, int oo, int length) {
    int i = 0;
    for (; i <= length - COUNT; i += COUNT) {
      ints(in, io + i)
          .lanewise(VectorOperators.LSHL, 16)
          .reinterpretAsFloats()
          .intoArray(out, oo + i);
    }
    for (; i < length; i++) {
      out[oo + i] = Float.intBitsToFloat(in[io + i] << 16);
    }
  }

  private static IntVector ints(short[] in, int at) {
    return ShortVector.fromArray(I16, in, at)
        .convertShape(VectorOperators.S2I, I32, 0)
        .reinterpretAsInts();
  }

  /** {@link Kernels#bytesToFloats}. */
  static void bytes(byte[] in, int io, float scale, float[] out, int oo, int length) {
    int i = 0;
    for (; i <= length - I8.length(); i += I8.length()) {
      ByteVector codes = ByteVector.fromArray(I8, in, io + i);
      for (int part = 0; part < PARTS; part++) {
        FloatVector values = (FloatVector) codes.convertShape(VectorOperators.B2F, F32, part);
        values.mul(scale).intoArray(out, oo + i + part * COUNT);
      }
    }
    for (; i < length; i++) {
      out[oo + i] = scale * in[io + i];
    }
  }

  /**
   * {@link Kernels#codesToFloats}. The loops below call no methods of ours with vectors: where the
   * compiler does not inline such a call, every vector becomes an object.
   */
  static void codes(
      PackedCodes codes, int row, float[] codebook, float scale, float[] out, int oo) {
    // Registers of four floats hold no codebook.
    int whole = COUNT < 8 ? 0 : codes.dim() / STEP;
    int at = row * codes.steps();
    switch (codes.bits()) {
      case 4 -> fours(codes.fours(), at, whole, codebook, scale, out, oo);
      case 3 -> threes(codes.twos(), codes.ones(), at, whole, codebook, scale, out, oo);
      case 2 -> twos(codes.twos(), at, whole, codebook, scale, out, oo);
      default -> ones(codes.ones(), at, whole, codebook, scale, out, oo);
    }
    for (int i = whole * STEP; i < codes.dim(); i++) {
      out[oo + i] = scale * codebook[codes.get(row, i)];
    }
  }

  private static void fours(
      long[] words, int at, int steps, float[] codebook, float scale, float[] out, int oo) {
    IntVector shifts = IntVector.fromArray(I32, FOUR_SHIFTS, 0);
    IntVector low = FloatVector.fromArray(F32, codebook, 0).reinterpretAsInts();
    IntVector high = FloatVector.fromArray(F32, codebook, COUNT % STEP).reinterpretAsInts();
    for (int i = 0; i < steps * STEP; i += COUNT) {
      int part = i % STEP;
      IntVector index =
          LongVector.broadcast(I64, words[at + i / STEP] >>> 2 * part)
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHR, shifts)
              .and(15);
      // Sixteen entries are one register or two.
      IntVector entries = index.and(COUNT - 1).selectFrom(low);
      if (COUNT < STEP) {
        IntVector others = index.and(COUNT - 1).selectFrom(high);
        entries = entries.blend(others, index.compare(VectorOperators.GE, COUNT));
      }
      entries.reinterpretAsFloats().mul(scale).intoArray(out, oo + i);
    }
  }

  private static void threes(
      int[] twos,
      short[] ones,
      int at,
      int steps,
      float[] codebook,
      float scale,
      float[] out,
      int oo) {
    IntVector twoShifts = IntVector.fromArray(I32, TWO_SHIFTS, 0);
    IntVector oneShifts = IntVector.fromArray(I32, ONE_SHIFTS, 0);
    IntVector low = FloatVector.fromArray(F32, codebook, 0).reinterpretAsInts();
    for (int i = 0; i < steps * STEP; i += COUNT) {
      int part = i % STEP;
      IntVector top =
          IntVector.broadcast(I32, ones[at + i / STEP] >>> part)
              .lanewise(VectorOperators.LSHR, oneShifts)
              .and(1)
              .lanewise(VectorOperators.LSHL, 2);
      IntVector index =
          IntVector.broadcast(I32, twos[at + i / STEP] >>> 2 * part)
              .lanewise(VectorOperators.LSHR, twoShifts)
              .and(3)
              .or(top);
      index.selectFrom(low).reinterpretAsFloats().mul(scale).intoArray(out, oo + i);
    }
  }

  private static void twos(
      int[] words, int at, int steps, float[] codebook, float scale, float[] out, int oo) {
    IntVector shifts = IntVector.fromArray(I32, TWO_SHIFTS, 0);
    IntVector low = FloatVector.fromArray(F32, codebook, 0).reinterpretAsInts();
    for (int i = 0; i < steps * STEP; i += COUNT) {
      int part = i % STEP;
      IntVector index =
          IntVector.broadcast(I32, words[at + i / STEP] >>> 2 * part)
              .lanewise(VectorOperators.LSHR, shifts)
              .and(3);
      index.selectFrom(low).reinterpretAsFloats().mul(scale).intoArray(out, oo + i);
    }
  }

  private static void ones(
      short[] words, int at, int steps, float[] codebook, float scale, float[] out, int oo) {
    IntVector shifts = IntVector.fromArray(I32, ONE_SHIFTS, 0);
    IntVector low = FloatVector.fromArray(F32, codebook, 0).reinterpretAsInts();
    for (int i = 0; i < steps * STEP; i += COUNT) {
      int part = i % STEP;
      IntVector index =
          IntVector.broadcast(I32, words[at + i / STEP] >>> part)
              .lanewise(VectorOperators.LSHR, shifts)
              .and(1);
      index.selectFrom(low).reinterpretAsFloats().mul(scale).intoArray(out, oo + i);
    }
  }
}
