package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * Q5_0: blocks of 32, {@code d} binary16, a 32-bit word of fifth bits, then nibbles; {@code x =
 * d·(q - 16)}.
 */
final class Q50 extends BlockFormat {
  private static final int HALF = 16;

  Q50() {
    super(DType.Q5_0);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at);
    int high = Bytes.i32(block, at + 2);
    for (int i = 0; i < HALF; i++) {
      int pair = Bytes.u8(block, at + 6 + i);
      y[to + i] = d * ((pair & 0xF | fifthBit(high, i)) - 16);
      y[to + HALF + i] = d * ((pair >> 4 | fifthBit(high, HALF + i)) - 16);
    }
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    float d = Range.peak(x, from, 2 * HALF) / -16;
    float inverse = Range.inverse(d);
    int[] q = new int[2 * HALF];
    for (int i = 0; i < q.length; i++) {
      q[i] = Math.clamp((int) (x[from + i] * inverse + 16.5f), 0, 31);
    }
    putScale(block, at, d);
    Bytes.putI32(block, at + 2, fifthBits(q));
    Nibbles.pack(q, 0, HALF, block, at + 6);
  }

  /** Bit {@code e} of the word, in its place above a nibble. */
  static int fifthBit(int word, int e) {
    return (word >>> e & 1) << 4;
  }

  static int fifthBits(int[] q) {
    int word = 0;
    for (int e = 0; e < q.length; e++) {
      word |= (q[e] >> 4) << e;
    }
    return word;
  }
}
