package dev.jandaia.tensor.block;

import java.lang.foreign.MemorySegment;

/**
 * Four-bit codes as most formats pack them: 2·half codes in {@code half} bytes, the first half of
 * the codes in the low nibbles, the second in the high ones.
 */
final class Nibbles {
  private Nibbles() {}

  static void pack(int[] q, int from, int half, MemorySegment bytes, long at) {
    for (int i = 0; i < half; i++) {
      Bytes.putU8(bytes, at + i, q[from + i] & 0xF | (q[from + half + i] & 0xF) << 4);
    }
  }

  /** Looks each code up: {@code y = scale · values[q]}. */
  static void decode(
      MemorySegment bytes, long at, int half, float scale, byte[] values, float[] y, int to) {
    for (int i = 0; i < half; i++) {
      int pair = Bytes.u8(bytes, at + i);
      y[to + i] = scale * values[pair & 0xF];
      y[to + half + i] = scale * values[pair >> 4];
    }
  }
}
