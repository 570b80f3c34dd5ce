package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/** BF16: the upper half of a binary32, encoded to the nearest, ties to even. */
final class BFloat16 extends BlockFormat {
  BFloat16() {
    super(DType.BF16);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    y[to] = Float.intBitsToFloat(Bytes.u16(block, at) << 16);
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    Bytes.putU16(block, at, round(Float.floatToRawIntBits(x[from])));
  }

  private static int round(int bits) {
    if ((bits & 0x7FFF_FFFF) > 0x7F80_0000) {
      // Dropping the low bits of a NaN could leave an infinity: set the quiet bit.
      return bits >>> 16 | 0x40;
    }
    return (bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16;
  }
}
