package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/** F8_E5M2 (arXiv:2209.05433): the upper half of a binary16. */
final class Float8E5M2 extends BlockFormat {
  Float8E5M2() {
    super(DType.F8_E5M2);
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    y[to] = Float.float16ToFloat((short) (Bytes.u8(block, at) << 8));
  }
}
