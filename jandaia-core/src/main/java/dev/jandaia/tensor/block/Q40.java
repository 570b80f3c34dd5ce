package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/** Q4_0: blocks of 32, {@code d} binary16, then 16 bytes of nibbles; {@code x = d·(q - 8)}. */
final class Q40 extends BlockFormat {
  private static final int HALF = 16;

  Q40() {
    super(DType.Q4_0);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at);
    for (int i = 0; i < HALF; i++) {
      int pair = Bytes.u8(block, at + 2 + i);
      y[to + i] = d * ((pair & 0xF) - 8);
      y[to + HALF + i] = d * ((pair >> 4) - 8);
    }
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    float d = Range.peak(x, from, 2 * HALF) / -8;
    float inverse = Range.inverse(d);
    int[] q = new int[2 * HALF];
    for (int i = 0; i < q.length; i++) {
      q[i] = Math.clamp((int) (x[from + i] * inverse + 8.5f), 0, 15);
    }
    putScale(block, at, d);
    Nibbles.pack(q, 0, HALF, block, at + 2);
  }
}
