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

  private Stored() {}

  /** A half-precision number. */
  static float half(MemorySegment w, long at) {
    return Float.float16ToFloat(w.get(SHORT, at));
  }

  static int signedByte(MemorySegment w, long at) {
    return w.get(ValueLayout.JAVA_BYTE, at);
  }

  static int unsignedByte(MemorySegment w, long at) {
    return signedByte(w, at) & 0xFF;
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

  /** The six-bit scale of one of the eight groups of a Q4_K or Q5_K block. */
  static int groupScale(MemorySegment w, long scales, int group) {
    return group < 4
        ? unsignedByte(w, scales + group) & 63
        : unsignedByte(w, scales + group + 4) & 0xF | unsignedByte(w, scales + group - 4) >> 6 << 4;
  }

  /** The six-bit minimum of one of the eight groups of a Q4_K or Q5_K block. */
  static int groupMin(MemorySegment w, long scales, int group) {
    return group < 4
        ? unsignedByte(w, scales + group + 4) & 63
        : unsignedByte(w, scales + group + 4) >> 4 | unsignedByte(w, scales + group) >> 6 << 4;
  }
}
