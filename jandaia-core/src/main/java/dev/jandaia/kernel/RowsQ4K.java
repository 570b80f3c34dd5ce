package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.I8;
import static dev.jandaia.kernel.Lanes.PARTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_K rows: blocks of 256 in eight groups of 32, x = d·s·q − dmin·m. 32 bytes hold one group in
 * their low nibbles and the next in their high ones.
 */
final class RowsQ4K extends EncodedRows {
  private static final int BLOCK = 256;
  private static final int BYTES = 144;
  private static final int GROUP = 32;
  private static final int SCALES = 4;
  private static final int CODES = 16;

  RowsQ4K(EncodedMatrix matrix) {
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
      for (int g = 0; g < BLOCK / GROUP; g += 2) {
        pair(
            matrix.data,
            at + CODES + g * GROUP / 2,
            d * Stored.group(scales, g),
            dmin * Stored.group(minima, g),
            d * Stored.group(scales, g + 1),
            dmin * Stored.group(minima, g + 1),
            out,
            to + g * GROUP);
      }
    }
  }

  private static void pair(
      MemorySegment w,
      long codes,
      float lowScale,
      float lowMin,
      float highScale,
      float highMin,
      float[] out,
      int to) {
    for (int i = 0; i < GROUP; i += I8.length()) {
      ByteVector bytes = Stored.bytes(w, codes + i);
      for (int part = 0; part < PARTS; part++) {
        IntVector both = Stored.unsigned(bytes, part);
        int low = to + i + part * COUNT;
        Stored.floats(both.and(0xF)).mul(lowScale).sub(lowMin).intoArray(out, low);
        Stored.floats(both.lanewise(VectorOperators.LSHR, 4))
            .mul(highScale)
            .sub(highMin)
            .intoArray(out, low + GROUP);
      }
    }
  }
}
