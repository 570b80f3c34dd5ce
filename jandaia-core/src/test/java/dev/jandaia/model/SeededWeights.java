package dev.jandaia.model;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.op.MatrixParameter;
import dev.jandaia.op.VectorParameter;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Random weights that a reference in float64 can read as well; the path seeds each. */
final class SeededWeights implements Weights {
  private final Kernels kernels;
  private final Map<String, float[]> values = new HashMap<>();
  private final Map<String, int[]> tables = new HashMap<>();
  private final Map<String, Integer> columns = new HashMap<>();

  SeededWeights(Kernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public MatrixParameter matrix(String path, int rows, int cols) {
    float[] elements = fill(path, rows * cols, 0, 1.5 / Math.sqrt(cols));
    columns.put(path, cols);
    Tensor tensor =
        new Tensor(path, DType.F32, Shape.of(rows, cols), MemorySegment.ofArray(elements));
    return new MatrixParameter(path, tensor, kernels);
  }

  @Override
  public VectorParameter vector(String path, int size) {
    return new VectorParameter(path, fill(path, size, 1, 0.3));
  }

  @Override
  public int[] integers(String path, int rows, int cols, int limit) {
    int[] table = new int[rows * cols];
    Random random = new Random(path.hashCode());
    for (int row = 0; row < rows; row++) {
      int first = random.nextInt(limit);
      for (int col = 0; col < cols; col++) {
        table[row * cols + col] = (first + col) % limit;
      }
    }
    tables.put(path, table);
    return table;
  }

  /** A table that has been asked for. */
  int[] table(String path) {
    return tables.get(path);
  }

  private float[] fill(String path, int size, double mean, double deviation) {
    Random random = new Random(path.hashCode());
    float[] elements = new float[size];
    for (int i = 0; i < size; i++) {
      elements[i] = (float) (mean + deviation * random.nextGaussian());
    }
    values.put(path, elements);
    return elements;
  }

  boolean has(String path) {
    return values.containsKey(path);
  }

  double[] vector(String path) {
    float[] elements = values.get(path);
    double[] wide = new double[elements.length];
    Arrays.setAll(wide, i -> elements[i]);
    return wide;
  }

  /** The whole matrix, or the given rows of it. */
  double[][] rows(String path, int... rows) {
    double[] all = vector(path);
    int cols = columns.get(path);
    double[][] picked = new double[rows.length == 0 ? all.length / cols : rows.length][];
    for (int i = 0; i < picked.length; i++) {
      int row = rows.length == 0 ? i : rows[i];
      picked[i] = Arrays.copyOfRange(all, row * cols, (row + 1) * cols);
    }
    return picked;
  }
}
