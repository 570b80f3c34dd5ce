package dev.jandaia.atlas;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.model.Weights;
import dev.jandaia.op.MatrixParameter;
import dev.jandaia.op.VectorParameter;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Weights of the right shape and no meaning, as bf16, for measurements where no checkpoint is at
 * hand. Matrices repeat one block of small normal numbers; vectors are ones.
 */
public final class RandomWeights implements Weights {
  /** Bytes of one weight. */
  static final int BYTES = 2;

  private static final int BLOCK = 1 << 16;
  private static final double DEVIATION = 0.02;

  private final Kernels kernels;
  private final Arena arena;
  private final MemorySegment block;
  private final Map<String, MatrixParameter> matrices = new HashMap<>();
  private final Map<String, VectorParameter> vectors = new HashMap<>();

  /**
   * @param arena owns the memory of the matrices
   */
  public RandomWeights(Kernels kernels, Arena arena) {
    this.kernels = kernels;
    this.arena = arena;
    this.block = arena.allocate((long) BLOCK * BYTES, 64);
    Random random = new Random(1);
    for (int i = 0; i < BLOCK; i++) {
      int bits = Float.floatToRawIntBits((float) (DEVIATION * random.nextGaussian()));
      block.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >>> 16));
    }
  }

  @Override
  public MatrixParameter matrix(String path, int rows, int cols) {
    return matrices.computeIfAbsent(path, _ -> newMatrix(path, rows, cols));
  }

  @Override
  public VectorParameter vector(String path, int size) {
    return vectors.computeIfAbsent(path, _ -> newVector(path, size));
  }

  /** Rows of different numbers, so that no expert is chosen twice. */
  @Override
  public int[] integers(String path, int rows, int cols, int limit) {
    int[] values = new int[Math.multiplyExact(rows, cols)];
    Arrays.setAll(values, i -> i % limit);
    return values;
  }

  private MatrixParameter newMatrix(String path, int rows, int cols) {
    MemorySegment memory = arena.allocate((long) rows * cols * BYTES, 64);
    for (long at = 0; at < memory.byteSize(); at += block.byteSize()) {
      long size = Math.min(block.byteSize(), memory.byteSize() - at);
      MemorySegment.copy(block, 0, memory, at, size);
    }
    Tensor tensor = new Tensor(path, DType.BF16, Shape.of(rows, cols), memory);
    return new MatrixParameter(path, tensor, kernels);
  }

  private static VectorParameter newVector(String path, int size) {
    float[] values = new float[size];
    Arrays.fill(values, 1f);
    return new VectorParameter(path, values);
  }
}
