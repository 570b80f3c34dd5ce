package dev.jandaia.bench;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Inputs of the benchmarks: speed does not depend on the values, as long as they are ordinary. */
final class Weights {
  private static final int PATTERN_BLOCKS = 64;

  private Weights() {}

  static float[] floats(int length) {
    Random random = new Random(1);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  /** A matrix in native memory: a few encoded blocks, repeated. */
  static Tensor matrix(Arena arena, DType dtype, int rows, int cols) {
    int elements = PATTERN_BLOCKS * dtype.blockSize();
    MemorySegment data = arena.allocate(dtype.bytesFor((long) rows * cols), 64);
    BlockCodec.of(dtype).encode(floats(elements), 0, data, 0, elements);
    long pattern = dtype.bytesFor(elements);
    for (long at = pattern; at < data.byteSize(); at += pattern) {
      MemorySegment.copy(data, 0, data, at, Math.min(pattern, data.byteSize() - at));
    }
    return new Tensor("w", dtype, Shape.of(rows, cols), data);
  }
}
