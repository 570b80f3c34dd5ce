package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/** F64: IEEE binary64, rounded to the nearest float. */
final class Float64 extends BlockFormat {
  Float64() {
    super(DType.F64);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    y[to] = (float) block.get(Bytes.DOUBLE, at);
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    block.set(Bytes.DOUBLE, at, x[from]);
  }
}
