package dev.jandaia.tensor.block;

import java.lang.foreign.MemorySegment;

/**
 * Two-bit codes of a 256-element block in 64 bytes: each 32 bytes hold 128 codes, byte j the
 * elements j, 32 + j, 64 + j and 96 + j from the low bits up.
 */
final class Crumbs {
  private Crumbs() {}

  static int get(MemorySegment bytes, long at, int e) {
    int index = (e >> 7) * 32 + (e & 31);
    int shift = (e >> 5 & 3) * 2;
    return Bytes.u8(bytes, at + index) >> shift & 3;
  }

  static void pack(int[] q, MemorySegment bytes, long at) {
    for (int i = 0; i < 64; i++) {
      int e = (i >> 5) * 128 + (i & 31);
      int packed = q[e] & 3 | (q[e + 32] & 3) << 2 | (q[e + 64] & 3) << 4 | (q[e + 96] & 3) << 6;
      Bytes.putU8(bytes, at + i, packed);
    }
  }
}
