package dev.jandaia.tensor.block;

import java.lang.foreign.MemorySegment;

/**
 * The eight six-bit scales and eight six-bit minima of Q4_K and Q5_K in 12 bytes. Bytes 0 to 3 hold
 * scales 0 to 3 in their low six bits, bytes 4 to 7 the minima 0 to 3; bytes 8 to 11 hold the low
 * four bits of scale (low nibble) and minimum (high nibble) 4 to 7, whose upper two bits fill the
 * tops of bytes 0 to 3 and 4 to 7.
 */
final class SixBitPairs {
  static final int BYTES = 12;

  private SixBitPairs() {}

  static int scale(MemorySegment bytes, long at, int g) {
    return g < 4
        ? Bytes.u8(bytes, at + g) & 0x3F
        : Bytes.u8(bytes, at + g + 4) & 0xF | Bytes.u8(bytes, at + g - 4) >> 6 << 4;
  }

  static int min(MemorySegment bytes, long at, int g) {
    return g < 4
        ? Bytes.u8(bytes, at + 4 + g) & 0x3F
        : Bytes.u8(bytes, at + g + 4) >> 4 | Bytes.u8(bytes, at + g) >> 6 << 4;
  }

  static void put(AffineGroups fit, MemorySegment bytes, long at) {
    for (int g = 0; g < 4; g++) {
      int scale = fit.scale(g + 4);
      int min = fit.min(g + 4);
      Bytes.putU8(bytes, at + g, fit.scale(g) | scale >> 4 << 6);
      Bytes.putU8(bytes, at + 4 + g, fit.min(g) | min >> 4 << 6);
      Bytes.putU8(bytes, at + 8 + g, scale & 0xF | (min & 0xF) << 4);
    }
  }
}
