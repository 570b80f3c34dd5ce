package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/** F32 rows, multiplied where they lie. */
final class RowsF32 extends DirectRows {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  RowsF32(EncodedMatrix matrix) {
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
    for (; i <= length - 4 * COUNT; i += 4 * COUNT, at += 16 * COUNT) {
      s0 = step(w, at, x, xo + i, s0);
      s1 = step(w, at + 4 * COUNT, x, xo + i + COUNT, s1);
      s2 = step(w, at + 8 * COUNT, x, xo + i + 2 * COUNT, s2);
      s3 = step(w, at + 12 * COUNT, x, xo + i + 3 * COUNT, s3);
    }
    for (; i <= length - COUNT; i += COUNT, at += 4 * COUNT) {
      s0 = step(w, at, x, xo + i, s0);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
    float sum = LaneSums.of(lanes, 0);
    for (; i < length; i++, at += 4) {
      sum += w.get(FLOAT, at) * x[xo + i];
    }
    return sum;
  }

  private static FloatVector step(MemorySegment w, long at, float[] x, int xo, FloatVector sum) {
    return FloatVector.fromMemorySegment(F32, w, at, LITTLE_ENDIAN)
        .fma(FloatVector.fromArray(F32, x, xo), sum);
  }
}
