package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.packed.InputRows;
import java.util.Optional;

/** One of a group of {@link Projections}: y[i] = x[i]·Wᵀ + b for a run of rows i. Reusable. */
final class ProjectionTask {
  /**
   * Output features that one thread takes at least: the widest panel of any kernel, because results
   * may depend on the panel, and who takes which part is left to chance.
   */
  static final int FEATURE_GRAIN = 64;

  private RowSource x;
  private int first;
  private int rows;
  private MatrixParameter weight;
  private Optional<VectorParameter> bias = Optional.empty();
  private Matrix y;

  void set(
      RowSource input,
      int firstRow,
      int count,
      MatrixParameter matrix,
      Optional<VectorParameter> shift,
      Matrix output) {
    x = input;
    first = firstRow;
    rows = count;
    weight = matrix;
    bias = shift;
    y = output;
  }

  int rows() {
    return rows;
  }

  MatrixParameter weight() {
    return weight;
  }

  /** How many parts of its features threads can take. */
  int grains() {
    return (weight.rows() + FEATURE_GRAIN - 1) / FEATURE_GRAIN;
  }

  /** Numbers in all rows of its input, of which it may read a part. */
  long inputSize() {
    return (long) x.rows() * x.cols();
  }

  /** Multiplications. */
  long products() {
    return (long) rows * x.cols() * weight.rows();
  }

  boolean readsTheSameAs(ProjectionTask other) {
    return x == other.x && first == other.first && rows == other.rows;
  }

  /** From now on reads a matrix, where it may have read rows that are made as they are read. */
  void readMatrix() {
    x = x.matrix();
  }

  /** Points {@code inputs} to the rows [from, to), counted from the first of the run. */
  void read(InputRows inputs, int from, int to) {
    if (x instanceof MadeRows made) {
      inputs.set(made, first + from, made.cols(), to - from);
    } else {
      Matrix matrix = x.matrix();
      inputs.set(matrix.data(), matrix.offset(first + from), matrix.cols(), to - from);
    }
  }

  /**
   * Some features of the rows from {@code from} on.
   *
   * @param inputs those rows
   */
  void multiply(Kernels kernels, InputRows inputs, int from, int fromFeature, int toFeature) {
    int offset = y.offset(first + from);
    weight.weight().multiply(inputs, y.data(), offset, y.cols(), fromFeature, toFeature);
    if (bias.isPresent()) {
      float[] shift = bias.get().values();
      for (int i = 0; i < inputs.count(); i++) {
        int at = offset + i * y.cols() + fromFeature;
        kernels.add(shift, fromFeature, y.data(), at, toFeature - fromFeature);
      }
    }
  }

  void recordBackward(Compute compute) {
    Linear.recordBackward(compute, x.matrix(), first, rows, weight, bias, y);
  }
}
