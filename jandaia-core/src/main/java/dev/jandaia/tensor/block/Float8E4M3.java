package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * F8_E4M3 (the "fn" kind, arXiv:2209.05433): bias 7, no infinities, NaN where all other bits are
 * set.
 */
final class Float8E4M3 extends BlockFormat {
  private static final float LEAST_SUBNORMAL = 0x1p-9f;

  Float8E4M3() {
    super(DType.F8_E4M3);
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    int bits = Bytes.u8(block, at);
    float magnitude = magnitude(bits & 0x7F);
    y[to] = bits < 0x80 ? magnitude : -magnitude;
  }

  /** The value of the seven bits below the sign. */
  static float magnitude(int bits) {
    int exponent = bits >> 3;
    int mantissa = bits & 7;
    if (bits == 0x7F) {
      return Float.NaN;
    }
    return exponent == 0 ? mantissa * LEAST_SUBNORMAL : Math.scalb(1 + mantissa / 8f, exponent - 7);
  }
}
