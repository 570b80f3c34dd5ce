package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/** F32: IEEE binary32. */
final class Float32 extends BlockFormat {
  Float32() {
    super(DType.F32);
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    y[to] = block.get(Bytes.FLOAT, at);
  }

  @Override
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    block.set(Bytes.FLOAT, at, x[from]);
  }
}
