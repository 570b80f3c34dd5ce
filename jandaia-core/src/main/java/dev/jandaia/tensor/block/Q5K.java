package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * Q5_K: as {@link Q4K} with five-bit q, whose fifth bits (byte {@code e mod 32}, bit {@code e /
 * 32}) take 32 bytes before the nibbles.
 */
final class Q5K extends BlockFormat {
  private static final int GROUPS = 8;
  private static final int GROUP = 32;
  private static final int SCALES = 4;
  private static final int HIGH = SCALES + SixBitPairs.BYTES;
  private static final int CODES = HIGH + GROUP;

  Q5K() {
    super(DType.Q5_K);
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
        int low = Bytes.u8(block, codes + j) >> shift & 0xF;
        int high = Bytes.u8(block, at + HIGH + j) >> g & 1;
        y[to + g * GROUP + j] = scale * (low | high << 4) - min;
      }
    }
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    AffineGroups fit = AffineGroups.fit(x, from, GROUPS, GROUP, 31, 63);
    putScale(block, at, fit.d());
    putScale(block, at + 2, fit.dmin());
    SixBitPairs.put(fit, block, at + SCALES);
    for (int j = 0; j < GROUP; j++) {
      int fifths = 0;
      for (int g = 0; g < GROUPS; g++) {
        fifths |= (fit.codes()[g * GROUP + j] >> 4) << g;
      }
      Bytes.putU8(block, at + HIGH + j, fifths);
    }
    for (int pair = 0; pair < GROUPS / 2; pair++) {
      Nibbles.pack(fit.codes(), pair * 2 * GROUP, GROUP, block, at + CODES + pair * GROUP);
    }
  }
}
