package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * Q5_1: blocks of 32, {@code d} and {@code m} binary16, a 32-bit word of fifth bits, then nibbles;
 * {@code x = d·q + m}.
 */
final class Q51 extends BlockFormat {
  private static final int HALF = 16;

  Q51() {
    super(DType.Q5_1);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at);
    float m = Bytes.half(block, at + 2);
    int high = Bytes.i32(block, at + 4);
    for (int i = 0; i < HALF; i++) {
      int pair = Bytes.u8(block, at + 8 + i);
      y[to + i] = d * (pair & 0xF | Q50.fifthBit(high, i)) + m;
      y[to + HALF + i] = d * (pair >> 4 | Q50.fifthBit(high, HALF + i)) + m;
    }
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    float m = Range.least(x, from, 2 * HALF);
    float d = (Range.greatest(x, from, 2 * HALF) - m) / 31;
    float inverse = Range.inverse(d);
    int[] q = new int[2 * HALF];
    for (int i = 0; i < q.length; i++) {
      q[i] = Math.clamp((int) ((x[from + i] - m) * inverse + 0.5f), 0, 31);
    }
    putScale(block, at, d);
    putScale(block, at + 2, m);
    Bytes.putI32(block, at + 4, Q50.fifthBits(q));
    Nibbles.pack(q, 0, HALF, block, at + 8);
  }
}
