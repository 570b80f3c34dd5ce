package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;
import static dev.jandaia.kernel.Lanes.I16;
import static dev.jandaia.kernel.Lanes.I32;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * F16 rows. The bits of a half, moved to those of a float, are its value times 2⁻¹¹²: multiplying
 * by 2¹¹² repairs the exponent, of subnormal numbers too; infinities and NaNs get theirs back.
 */
final class RowsF16 extends DirectRows {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private static final float EXPONENT = 0x1p112f;

  /** All set in infinities and NaNs. */
  private static final int EXPONENT_BITS = 0x7c00;

  private static final int INFINITY = 0x7f800000;
  private static final int SIGN = 0x80000000;

  RowsF16(EncodedMatrix matrix) {
    super(matrix);
  }

  @Override
  float dot(int row, float[] x, int xOffset, float[] lanes) {
    return dot(matrix.data, matrix.at(row, 0), x, xOffset, matrix.cols, lanes);
  }

  private static float dot(MemorySegment w, long at, float[] x, int xo, int length, float[] lanes) {
    FloatVector s0 = FloatVector.zero(F32);
    FloatVector s1 = s0;
    int i = 0;
    // A conversion is a dozen operations: C2 would make objects of the vectors of a third one.
    for (; i <= length - 2 * COUNT; i += 2 * COUNT, at += 4 * COUNT) {
      s0 = load(w, at).fma(FloatVector.fromArray(F32, x, xo + i), s0);
      s1 = load(w, at + 2 * COUNT).fma(FloatVector.fromArray(F32, x, xo + i + COUNT), s1);
    }
    if (i <= length - COUNT) {
      s0 = load(w, at).fma(FloatVector.fromArray(F32, x, xo + i), s0);
      i += COUNT;
      at += 2 * COUNT;
    }
    s0.add(s1).intoArray(lanes, 0);
    float sum = LaneSums.of(lanes, 0);
    for (; i < length; i++, at += 2) {
      sum += loadOne(w, at) * x[xo + i];
    }
    return sum;
  }

  @Override
  void decode(int row, int fromCol, float[] out, int outOffset, int n) {
    long at = matrix.at(row, fromCol);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT, at += 2 * COUNT) {
      load(matrix.data, at).intoArray(out, outOffset + i);
    }
    for (; i < n; i++, at += 2) {
      out[outOffset + i] = loadOne(matrix.data, at);
    }
  }

  /** A register of halves as floats. */
  static FloatVector load(MemorySegment w, long at) {
    IntVector bits =
        ShortVector.fromMemorySegment(I16, w, at, LITTLE_ENDIAN)
            .convertShape(VectorOperators.S2I, I32, 0)
            .reinterpretAsInts();
    FloatVector scaled =
        bits.and(0x7fff).lanewise(VectorOperators.LSHL, 13).reinterpretAsFloats().mul(EXPONENT);
    VectorMask<Integer> tooLarge =
        bits.and(EXPONENT_BITS).compare(VectorOperators.EQ, EXPONENT_BITS);
    return scaled
        .reinterpretAsInts()
        .lanewise(VectorOperators.OR, INFINITY, tooLarge)
        .or(bits.and(SIGN))
        .reinterpretAsFloats();
  }

  private static float loadOne(MemorySegment w, long at) {
    return Float.float16ToFloat(w.get(SHORT, at));
  }
}
