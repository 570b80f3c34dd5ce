package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * Q4_K: blocks of 256 in 8 groups of 32; {@code x = d·s·q - dmin·m} with four-bit q. Stored: d and
 * dmin binary16, {@link SixBitPairs} of s and m, 128 bytes of nibbles (32 bytes hold one group in
 * their low nibbles and the next in their high ones).
 */
final class Q4K extends BlockFormat {
  private static final int GROUPS = 8;
  private static final int GROUP = 32;
  private static final int SCALES = 4;
  private static final int CODES = SCALES + SixBitPairs.BYTES;

  Q4K() {
    super(DType.Q4_K);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at);
    float dmin = Bytes.half(block, at + 2);
    for (int g = 0; g < GROUPS; g++) {
      float scale = d * SixBitPairs.scale(block, at + SCALES, g);
      float min = dmin * SixBitPairs.min(block, at + SCALES, g);
      long codes = at + CODES + (g >> 1) * GROUP;
      int shift = (g & 1) * 4;
      for (int j = 0; j < GROUP; j++) {
        int q = Bytes.u8(block, codes + j) >> shift & 0xF;
        y[to + g * GROUP + j] = scale * q - min;
      }
    }
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    AffineGroups fit = AffineGroups.fit(x, from, GROUPS, GROUP, 15, 63);
    putScale(block, at, fit.d());
    putScale(block, at + 2, fit.dmin());
    SixBitPairs.put(fit, block, at + SCALES);
    for (int pair = 0; pair < GROUPS / 2; pair++) {
      Nibbles.pack(fit.codes(), pair * 2 * GROUP, GROUP, block, at + CODES + pair * GROUP);
    }
  }
}
