package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * TQ2_0: blocks of 256 ternary values {@code x = d·(q - 1)} in 64 bytes of two-bit codes (packed as
 * {@link Crumbs}), then {@code d} binary16.
 */
final class TQ20 extends BlockFormat {
  private static final int SCALE = 64;

  TQ20() {
    super(DType.TQ2_0);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at + SCALE);
    for (int e = 0; e < 256; e++) {
      y[to + e] = d * (Crumbs.get(block, at, e) - 1);
    }
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    float d = Math.abs(Range.peak(x, from, 256));
    float inverse = Range.inverse(d);
    int[] q = new int[256];
    for (int e = 0; e < q.length; e++) {
      q[e] = Range.roundAway(x[from + e] * inverse) + 1;
    }
    Crumbs.pack(q, block, at);
    putScale(block, at + SCALE, d);
  }
}
