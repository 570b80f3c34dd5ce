package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;
import static dev.jandaia.kernel.Lanes.I8;
import static dev.jandaia.kernel.Lanes.PARTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_0 rows as stored: blocks of a half-precision scale and 16 bytes, whose low nibbles are the
 * first 16 elements and whose high nibbles the last 16, all plus 8.
 */
final class RowsQ4 extends DirectRows {
  private static final int BLOCK = 32;
  private static final int HALF = 16;
  private static final int BYTES = 18;

  RowsQ4(EncodedMatrix matrix) {
    super(matrix);
  }

  @Override
  float dot(int row, float[] x, int xOffset, float[] lanes) {
    return dot(matrix.data, matrix.at(row, 0), x, xOffset, matrix.cols / BLOCK, lanes);
  }

  private static float dot(MemorySegment w, long at, float[] x, int xo, int blocks, float[] lanes) {
    FloatVector s0 = FloatVector.zero(F32);
    FloatVector s1 = s0;
    int b = 0;
    for (; b <= blocks - 2; b += 2, at += 2 * BYTES, xo += 2 * BLOCK) {
      s0 = block(w, at, x, xo, s0);
      s1 = block(w, at + BYTES, x, xo + BLOCK, s1);
    }
    if (b < blocks) {
      s0 = block(w, at, x, xo, s0);
    }
    s0.add(s1).intoArray(lanes, 0);
    return LaneSums.of(lanes, 0);
  }

  private static FloatVector block(MemorySegment w, long at, float[] x, int xo, FloatVector sum) {
    FloatVector inner = FloatVector.zero(F32);
    for (int i = 0; i < HALF; i += I8.length()) {
      ByteVector bytes = Stored.bytes(w, at + 2 + i);
      for (int part = 0; part < PARTS; part++) {
        IntVector codes = Stored.unsigned(bytes, part);
        int from = xo + i + part * COUNT;
        inner = low(codes).fma(FloatVector.fromArray(F32, x, from), inner);
        inner = high(codes).fma(FloatVector.fromArray(F32, x, from + HALF), inner);
      }
    }
    return inner.fma(FloatVector.broadcast(F32, Stored.half(w, at)), sum);
  }

  @Override
  void decode(int row, int fromCol, float[] out, int outOffset, int n) {
    long at = matrix.at(row, fromCol);
    for (int to = outOffset; to < outOffset + n; to += BLOCK, at += BYTES) {
      float scale = Stored.half(matrix.data, at);
      for (int i = 0; i < HALF; i += I8.length()) {
        ByteVector bytes = Stored.bytes(matrix.data, at + 2 + i);
        for (int part = 0; part < PARTS; part++) {
          IntVector codes = Stored.unsigned(bytes, part);
          low(codes).mul(scale).intoArray(out, to + i + part * COUNT);
          high(codes).mul(scale).intoArray(out, to + i + part * COUNT + HALF);
        }
      }
    }
  }

  private static FloatVector low(IntVector codes) {
    return Stored.floats(codes.and(0xF).sub(8));
  }

  private static FloatVector high(IntVector codes) {
    return Stored.floats(codes.lanewise(VectorOperators.LSHR, 4).sub(8));
  }
}
