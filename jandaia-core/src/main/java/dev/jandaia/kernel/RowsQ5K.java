package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.I8;
import static dev.jandaia.kernel.Lanes.PARTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q5_K rows: as {@link RowsQ4K}, with a fifth bit: bit g of byte j of 32 belongs to element j of
 * group g.
 */
final class RowsQ5K extends EncodedRows {
  private static final int BLOCK = 256;
  private static final int BYTES = 176;
  private static final int GROUP = 32;
  private static final int SCALES = 4;
  private static final int HIGH = 16;
  private static final int CODES = 48;

  RowsQ5K(EncodedMatrix matrix) {
    super(matrix);
  }

  @Override
  void decode(int row, int fromCol, float[] out, int outOffset, int n) {
    long at = matrix.at(row, fromCol);
    for (int to = outOffset; to < outOffset + n; to += BLOCK, at += BYTES) {
      float d = Stored.half(matrix.data, at);
      float dmin = Stored.half(matrix.data, at + 2);
      long scales = Stored.groupScales(matrix.data, at + SCALES);
      long minima = Stored.groupMinima(matrix.data, at + SCALES);
      for (int g = 0; g < BLOCK / GROUP; g++) {
        float scale = d * Stored.group(scales, g);
        float min = dmin * Stored.group(minima, g);
        group(matrix.data, at, g, scale, min, out, to + g * GROUP);
      }
    }
  }

  private static void group(
      MemorySegment w, long at, int g, float scale, float min, float[] out, int to) {
    long codes = at + CODES + g / 2 * GROUP;
    int nibble = g % 2 * 4;
    for (int i = 0; i < GROUP; i += I8.length()) {
      ByteVector low = Stored.bytes(w, codes + i);
      ByteVector high = Stored.bytes(w, at + HIGH + i);
      for (int part = 0; part < PARTS; part++) {
        IntVector fifth = Stored.unsigned(high, part).lanewise(VectorOperators.LSHR, g).and(1);
        Stored.floats(
                Stored.unsigned(low, part)
                    .lanewise(VectorOperators.LSHR, nibble)
                    .and(0xF)
                    .or(fifth.lanewise(VectorOperators.LSHL, 4)))
            .mul(scale)
            .sub(min)
            .intoArray(out, to + i + part * COUNT);
      }
    }
  }
}
