package dev.jandaia.model;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.op.MatrixParameter;
import dev.jandaia.op.VectorParameter;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parameters in f32 memory of their own, with gradients: what an optimiser moves. */
public final class TrainableWeights implements Weights {
  private final Start start;
  private final Kernels kernels;
  private final Arena arena;
  private final Map<String, MatrixParameter> matrices = new LinkedHashMap<>();
  private final Map<String, VectorParameter> vectors = new LinkedHashMap<>();
  private final Map<String, int[]> tables = new HashMap<>();

  /** The values that parameters begin with. */
  public interface Start {

    /** Fills a matrix {@code [rows, cols]}. */
    void matrix(String path, int rows, int cols, float[] values);

    /** Fills a vector. */
    void vector(String path, float[] values);

    /** A table of whole numbers below {@code limit}: they take turns, equal in no row. */
    default int[] integers(String path, int rows, int cols, int limit) {
      int[] values = new int[Math.multiplyExact(rows, cols)];
      Arrays.setAll(values, i -> i % limit);
      return values;
    }

    /** The values of other weights, decoded to f32. */
    static Start copyOf(Weights weights) {
      return new Start() {
        @Override
        public void matrix(String path, int rows, int cols, float[] values) {
          BlockCodec.decode(weights.matrix(path, rows, cols).tensor(), values);
        }

        @Override
        public void vector(String path, float[] values) {
          System.arraycopy(
              weights.vector(path, values.length).values(), 0, values, 0, values.length);
        }

        @Override
        public int[] integers(String path, int rows, int cols, int limit) {
          return weights.integers(path, rows, cols, limit).clone();
        }
      };
    }
  }

  /**
   * @param arena owns the memory of the matrices
   */
  public TrainableWeights(Start start, Kernels kernels, Arena arena) {
    this.start = start;
    this.kernels = kernels;
    this.arena = arena;
  }

  @Override
  public MatrixParameter matrix(String path, int rows, int cols) {
    return matrices.computeIfAbsent(path, _ -> newMatrix(path, rows, cols));
  }

  @Override
  public VectorParameter vector(String path, int size) {
    return vectors.computeIfAbsent(path, _ -> newVector(path, size));
  }

  @Override
  public int[] integers(String path, int rows, int cols, int limit) {
    return tables.computeIfAbsent(path, _ -> start.integers(path, rows, cols, limit));
  }

  /** All matrices that a model has asked for. */
  public List<MatrixParameter> matrices() {
    return new ArrayList<>(matrices.values());
  }

  /** All vectors that a model has asked for. */
  public List<VectorParameter> vectors() {
    return new ArrayList<>(vectors.values());
  }

  private MatrixParameter newMatrix(String path, int rows, int cols) {
    float[] values = new float[Math.multiplyExact(rows, cols)];
    start.matrix(path, rows, cols, values);
    MemorySegment memory = arena.allocate((long) values.length * Float.BYTES, 64);
    memory.copyFrom(MemorySegment.ofArray(values));
    Tensor tensor = new Tensor(path, DType.F32, Shape.of(rows, cols), memory);
    MatrixParameter parameter = new MatrixParameter(path, tensor, kernels);
    parameter.makeTrainable();
    return parameter;
  }

  private VectorParameter newVector(String path, int size) {
    float[] values = new float[size];
    start.vector(path, values);
    VectorParameter parameter = new VectorParameter(path, values);
    parameter.makeTrainable();
    return parameter;
  }
}
