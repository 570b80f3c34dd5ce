package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.I8;
import static dev.jandaia.kernel.Lanes.PARTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q6_K rows: blocks of 256 in groups of 16 with a signed byte s each, x = d·s·(q − 32). Of each
 * half block, 64 bytes hold the low nibbles (elements 0–63 low, 64–127 high) and 32 bytes two upper
 * bits of four elements that lie 32 apart.
 */
final class RowsQ6K extends EncodedRows {
  private static final int BLOCK = 256;
  private static final int BYTES = 210;
  private static final int RUN = 32;
  private static final int GROUP = 16;
  private static final int HIGH = 128;
  private static final int SCALES = 192;
  private static final int SCALE = 208;

  RowsQ6K(EncodedMatrix matrix) {
    super(matrix);
  }

  @Override
  void decode(int row, int fromCol, float[] out, int outOffset, int n) {
    long at = matrix.at(row, fromCol);
    for (int to = outOffset; to < outOffset + n; to += BLOCK, at += BYTES) {
      float d = Stored.half(matrix.data, at + SCALE);
      for (int run = 0; run < BLOCK / RUN; run++) {
        run(matrix.data, at, run, d, out, to + run * RUN);
      }
    }
  }

  /** 32 elements that share the positions of their bits. */
  private static void run(MemorySegment w, long at, int run, float d, float[] out, int to) {
    int half = run / 4;
    long codes = at + 64 * half + run % 2 * RUN;
    int nibble = run % 4 / 2 * 4;
    long upper = at + HIGH + RUN * half;
    int crumb = run % 4 * 2;
    for (int i = 0; i < RUN; i += I8.length()) {
      ByteVector low = Stored.bytes(w, codes + i);
      ByteVector high = Stored.bytes(w, upper + i);
      float scale = d * Stored.signedByte(w, at + SCALES + (run * RUN + i) / GROUP);
      for (int part = 0; part < PARTS; part++) {
        IntVector top = Stored.unsigned(high, part).lanewise(VectorOperators.LSHR, crumb).and(3);
        Stored.floats(
                Stored.unsigned(low, part)
                    .lanewise(VectorOperators.LSHR, nibble)
                    .and(0xF)
                    .or(top.lanewise(VectorOperators.LSHL, 4))
                    .sub(32))
            .mul(scale)
            .intoArray(out, to + i + part * COUNT);
      }
    }
  }
}
