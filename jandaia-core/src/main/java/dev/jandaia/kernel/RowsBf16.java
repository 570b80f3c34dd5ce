package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;
import static dev.jandaia.kernel.Lanes.I16;
import static dev.jandaia.kernel.Lanes.I32;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** BF16 rows: the upper halves of floats. */
final class RowsBf16 extends DirectRows {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  RowsBf16(EncodedMatrix matrix) {
    super(matrix);
  }

  @Override
  float dot(int row, float[] x, int xOffset, float[] lanes) {
    return dot(matrix.data, matrix.at(row, 0), x, xOffset, matrix.cols, lanes);
  }

  private static float dot(MemorySegment w, long at, float[] x, int xo, int length, float[] lanes) {
    FloatVector s0 = FloatVector.zero(F32);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= length - 4 * COUNT; i += 4 * COUNT, at += 8 * COUNT) {
      s0 = load(w, at).fma(FloatVector.fromArray(F32, x, xo + i), s0);
      s1 = load(w, at + 2 * COUNT).fma(FloatVector.fromArray(F32, x, xo + i + COUNT), s1);
      s2 = load(w, at + 4 * COUNT).fma(FloatVector.fromArray(F32, x, xo + i + 2 * COUNT), s2);
      s3 = load(w, at + 6 * COUNT).fma(FloatVector.fromArray(F32, x, xo + i + 3 * COUNT), s3);
    }
    for (; i <= length - COUNT; i += COUNT, at += 2 * COUNT) {
      s0 = load(w, at).fma(FloatVector.fromArray(F32, x, xo + i), s0);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
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

  private static FloatVector load(MemorySegment w, long at) {
    return ShortVector.fromMemorySegment(I16, w, at, LITTLE_ENDIAN)
        .convertShape(VectorOperators.S2I, I32, 0)
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, 16)
        .reinterpretAsFloats();
  }

  private static float loadOne(MemorySegment w, long at) {
    return Float.intBitsToFloat(w.get(SHORT, at) << 16);
  }
}
