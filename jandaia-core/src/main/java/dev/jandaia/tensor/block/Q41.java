package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/** Q4_1: blocks of 32, {@code d} and {@code m} binary16, then nibbles; {@code x = d·q + m}. */
final class Q41 extends BlockFormat {
  private static final int HALF = 16;

  Q41() {
    super(DType.Q4_1);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at);
    float m = Bytes.half(block, at + 2);
    for (int i = 0; i < HALF; i++) {
      int pair = Bytes.u8(block, at + 4 + i);
      y[to + i] = d * (pair & 0xF) + m;
      y[to + HALF + i] = d * (pair >> 4) + m;
    }
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    float m = Range.least(x, from, 2 * HALF);
    float d = (Range.greatest(x, from, 2 * HALF) - m) / 15;
    float inverse = Range.inverse(d);
    int[] q = new int[2 * HALF];
    for (int i = 0; i < q.length; i++) {
      q[i] = Math.clamp((int) ((x[from + i] - m) * inverse + 0.5f), 0, 15);
    }
    putScale(block, at, d);
    putScale(block, at + 2, m);
    Nibbles.pack(q, 0, HALF, block, at + 4);
  }
}
