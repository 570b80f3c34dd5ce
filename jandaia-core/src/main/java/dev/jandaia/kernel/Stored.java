package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.F32;
import static dev.jandaia.kernel.Lanes.I32;
import static dev.jandaia.kernel.Lanes.I8;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Reads the pieces that quantised blocks are made of. */
final class Stored {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private Stored() {}

  /** A half-precision number. */
  static float half(MemorySegment w, long at) {
    return Float.float16ToFloat(w.get(SHORT, at));
  }

  static int signedByte(MemorySegment w, long at) {
    return w.get(ValueLayout.JAVA_BYTE, at);
  }

  static ByteVector bytes(MemorySegment w, long at) {
    return ByteVector.fromMemorySegment(I8, w, at, LITTLE_ENDIAN);
  }

  /** One of the {@link Lanes#PARTS} of a vector of unsigned bytes. */
  static IntVector unsigned(ByteVector bytes, int part) {
    return (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, I32, part);
  }

  static FloatVector floats(IntVector codes) {
    return (FloatVector) codes.convertShape(VectorOperators.I2F, F32, 0);
  }

  /** The first of the signed bytes at {@code at}, as many as there are floats in a register. */
  static FloatVector signedFloats(MemorySegment w, long at) {
    return (FloatVector) bytes(w, at).convertShape(VectorOperators.B2F, F32, 0);
  }

  /**
   * The six-bit scales of the eight groups of a Q4_K or Q5_K block, a byte each, the first group's
   * lowest.
   *
   * <p>They are read by the word: the JIT compiler gives up on a method that inlines dozens of
   * reads of single bytes, each with the checks of a segment, and its vectors then become objects.
   */
  static long groupScales(MemorySegment w, long scales) {
    return sixBits(w.get(INT, scales), w.get(INT, scales + 8));
  }

  /** The six-bit minima of the eight groups of a Q4_K or Q5_K block, as {@link #groupScales}. */
  static long groupMinima(MemorySegment w, long scales) {
    return sixBits(w.get(INT, scales + 4), w.get(INT, scales + 8) >>> 4);
  }

  /** One byte of {@link #groupScales} or {@link #groupMinima}. */
  static int group(long eight, int group) {
    return (int) (eight >>> 8 * group) & 0xFF;
  }

  /**
   * Groups 0 to 3 have all their bits in {@code first}; groups 4 to 7 have four in {@code rest},
   * and two above them in the tops of {@code first}.
   */
  private static long sixBits(int first, int rest) {
    int last = rest & 0x0F0F0F0F | first >>> 2 & 0x30303030;
    return (long) last << 32 | first & 0x3F3F3F3F;
  }
}
