package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * Q2_K: blocks of 256 in 16 groups of 16; {@code x = d·s·q - dmin·m} with two-bit q and, per group,
 * a byte of four-bit s (low) and m (high). Stored: the 16 bytes, 64 bytes of {@link Crumbs}, d and
 * dmin binary16.
 */
final class Q2K extends BlockFormat {
  private static final int GROUPS = 16;
  private static final int GROUP = 16;
  private static final int CODES = 16;
  private static final int SCALE = 80;
  private static final int MIN_SCALE = 82;

  Q2K() {
    super(DType.Q2_K);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at + SCALE);
    float dmin = Bytes.half(block, at + MIN_SCALE);
    for (int g = 0; g < GROUPS; g++) {
      int pair = Bytes.u8(block, at + g);
      float scale = d * (pair & 0xF);
      float min = dmin * (pair >> 4);
      for (int e = g * GROUP; e < (g + 1) * GROUP; e++) {
        y[to + e] = scale * Crumbs.get(block, at + CODES, e) - min;
      }
    }
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    AffineGroups fit = AffineGroups.fit(x, from, GROUPS, GROUP, 3, 15);
    for (int g = 0; g < GROUPS; g++) {
      Bytes.putU8(block, at + g, fit.scale(g) | fit.min(g) << 4);
    }
    Crumbs.pack(fit.codes(), block, at + CODES);
    putScale(block, at + SCALE, fit.d());
    putScale(block, at + MIN_SCALE, fit.dmin());
  }
}
