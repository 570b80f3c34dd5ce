package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/** Q8_0: blocks of 32, {@code d} binary16, then signed bytes; {@code x = d·q}. */
final class Q80 extends BlockFormat {
  private static final int SIZE = 32;

  Q80() {
    super(DType.Q8_0);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at);
    for (int i = 0; i < SIZE; i++) {
      y[to + i] = d * Bytes.i8(block, at + 2 + i);
    }
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    float d = Math.abs(Range.peak(x, from, SIZE)) / 127;
    float inverse = Range.inverse(d);
    putScale(block, at, d);
    for (int i = 0; i < SIZE; i++) {
      Bytes.putU8(block, at + 2 + i, Range.roundAway(x[from + i] * inverse));
    }
  }
}
