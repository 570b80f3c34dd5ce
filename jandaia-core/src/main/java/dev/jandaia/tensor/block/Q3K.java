package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * Q3_K: blocks of 256 in 16 groups of 16; {@code x = d·(s - 32)·(q - 4)} with three-bit q and
 * six-bit s. Stored: 32 bytes of third bits (byte {@code e mod 32}, bit {@code e / 32}), 64 bytes
 * of {@link Crumbs}, 12 bytes of s, d binary16. Of s, the low four bits are nibbles in bytes 0 to
 * 7, the upper two are pairs of bits in bytes 8 to 11.
 */
final class Q3K extends BlockFormat {
  private static final int GROUPS = 16;
  private static final int GROUP = 16;
  private static final int CODES = 32;
  private static final int SCALES = 96;
  private static final int SCALE = 108;

  Q3K() {
    super(DType.Q3_K);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at + SCALE);
    for (int g = 0; g < GROUPS; g++) {
      float scale = d * (groupScale(block, at + SCALES, g) - 32);
      for (int e = g * GROUP; e < (g + 1) * GROUP; e++) {
        int third = Bytes.u8(block, at + (e & 31)) >> (e >> 5) & 1;
        y[to + e] = scale * (Crumbs.get(block, at + CODES, e) + third * 4 - 4);
      }
    }
  }

  private static int groupScale(MemorySegment block, long at, int g) {
    int low = Bytes.u8(block, at + (g & 7)) >> (g >> 3) * 4 & 0xF;
    int high = Bytes.u8(block, at + 8 + (g & 3)) >> (g >> 2) * 2 & 3;
    return low | high << 4;
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    SymmetricGroups fit = SymmetricGroups.fit(x, from, GROUPS, GROUP, 4, 32);
    for (int j = 0; j < 32; j++) {
      int thirds = 0;
      for (int bit = 0; bit < 8; bit++) {
        thirds |= (fit.code(bit * 32 + j) >> 2) << bit;
      }
      Bytes.putU8(block, at + j, thirds);
    }
    Crumbs.pack(fit.codes(), block, at + CODES);
    putGroupScales(fit, block, at + SCALES);
    putScale(block, at + SCALE, fit.d());
  }

  private static void putGroupScales(SymmetricGroups fit, MemorySegment block, long at) {
    for (int i = 0; i < 8; i++) {
      int low = fit.scale(i) + 32 & 0xF;
      int high = fit.scale(i + 8) + 32 & 0xF;
      Bytes.putU8(block, at + i, low | high << 4);
    }
    for (int i = 0; i < 4; i++) {
      int bits = 0;
      for (int k = 0; k < 4; k++) {
        bits |= (fit.scale(4 * k + i) + 32 >> 4) << 2 * k;
      }
      Bytes.putU8(block, at + 8 + i, bits);
    }
  }
}
