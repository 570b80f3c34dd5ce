package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/** F16: IEEE binary16, encoded to the nearest, ties to even. */
final class Float16 extends BlockFormat {
  Float16() {
    super(DType.F16);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    y[to] = Bytes.half(block, at);
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    Bytes.putU16(block, at, Float.floatToFloat16(x[from]));
  }
}
