package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;
import static dev.jandaia.kernel.Lanes.I8;
import static dev.jandaia.kernel.Lanes.PARTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q8_0 rows as stored: blocks of a half-precision scale and 32 signed bytes. Four blocks per
 * iteration and a pointer that runs along keep C2's range checks out of the way.
 */
final class RowsQ8 extends DirectRows {
  private static final int BLOCK = 32;
  private static final int BYTES = 34;

  RowsQ8(EncodedMatrix matrix) {
    super(matrix);
  }

  @Override
  float dot(int row, float[] x, int xOffset, float[] lanes) {
    return dot(matrix.data, matrix.at(row, 0), x, xOffset, matrix.cols / BLOCK, lanes);
  }

  private static float dot(MemorySegment w, long at, float[] x, int xo, int blocks, float[] lanes) {
    FloatVector s0 = FloatVector.zero(F32);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int b = 0;
    for (; b <= blocks - 4; b += 4, at += 4 * BYTES, xo += 4 * BLOCK) {
      s0 = block(w, at, x, xo, s0);
      s1 = block(w, at + BYTES, x, xo + BLOCK, s1);
      s2 = block(w, at + 2 * BYTES, x, xo + 2 * BLOCK, s2);
      s3 = block(w, at + 3 * BYTES, x, xo + 3 * BLOCK, s3);
    }
    for (; b < blocks; b++, at += BYTES, xo += BLOCK) {
      s0 = block(w, at, x, xo, s0);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
    return LaneSums.of(lanes, 0);
  }

  private static FloatVector block(MemorySegment w, long at, float[] x, int xo, FloatVector sum) {
    FloatVector inner = FloatVector.zero(F32);
    for (int i = 0; i < BLOCK; i += I8.length()) {
      ByteVector bytes = Stored.bytes(w, at + 2 + i);
      for (int part = 0; part < PARTS; part++) {
        FloatVector xs = FloatVector.fromArray(F32, x, xo + i + part * COUNT);
        inner = floats(bytes, part).fma(xs, inner);
      }
    }
    return inner.fma(FloatVector.broadcast(F32, Stored.half(w, at)), sum);
  }

  @Override
  void decode(int row, int fromCol, float[] out, int outOffset, int n) {
    long at = matrix.at(row, fromCol);
    for (int to = outOffset; to < outOffset + n; to += BLOCK, at += BYTES) {
      float scale = Stored.half(matrix.data, at);
      for (int i = 0; i < BLOCK; i += I8.length()) {
        ByteVector bytes = Stored.bytes(matrix.data, at + 2 + i);
        for (int part = 0; part < PARTS; part++) {
          floats(bytes, part).mul(scale).intoArray(out, to + i + part * COUNT);
        }
      }
    }
  }

  private static FloatVector floats(ByteVector bytes, int part) {
    return (FloatVector) bytes.convertShape(VectorOperators.B2F, F32, part);
  }
}
