package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * Q6_K: blocks of 256 in 16 groups of 16; {@code x = d·s·(q - 32)} with six-bit q and signed bytes
 * s. Stored: 128 bytes of low nibbles (64 bytes hold 128 elements, the first 64 low), 64 bytes of
 * upper {@link Crumbs}, 16 of s, d binary16.
 */
final class Q6K extends BlockFormat {
  private static final int GROUPS = 16;
  private static final int GROUP = 16;
  private static final int HIGH = 128;
  private static final int SCALES = 192;
  private static final int SCALE = 208;

  Q6K() {
    super(DType.Q6_K);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at + SCALE);
    for (int g = 0; g < GROUPS; g++) {
      float scale = d * Bytes.i8(block, at + SCALES + g);
      for (int e = g * GROUP; e < (g + 1) * GROUP; e++) {
        int low = Bytes.u8(block, at + (e >> 7) * 64 + (e & 63)) >> (e >> 6 & 1) * 4 & 0xF;
        int high = Crumbs.get(block, at + HIGH, e);
        y[to + e] = scale * ((low | high << 4) - 32);
      }
    }
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    SymmetricGroups fit = SymmetricGroups.fit(x, from, GROUPS, GROUP, 32, 128);
    int[] high = new int[256];
    for (int e = 0; e < high.length; e++) {
      high[e] = fit.code(e) >> 4;
    }
    Nibbles.pack(fit.codes(), 0, 64, block, at);
    Nibbles.pack(fit.codes(), 128, 64, block, at + 64);
    Crumbs.pack(high, block, at + HIGH);
    for (int g = 0; g < GROUPS; g++) {
      Bytes.putU8(block, at + SCALES + g, fit.scale(g));
    }
    putScale(block, at + SCALE, fit.d());
  }
}
