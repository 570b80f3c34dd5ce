package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import java.util.Arrays;

/**
 * Weights are exponentials of scores relative to a running maximum per row, beside which their sum
 * is kept (online softmax, 2205.14135).
 */
final class SoftmaxTile extends AttentionTile {
  private float[] maxima = {};
  private float[] sums = {};

  SoftmaxTile(Kernels kernels) {
    super(kernels);
  }

  /** No key was met so far. */
  void start() {
    if (maxima.length < rows()) {
      maxima = new float[rows()];
      sums = new float[rows()];
    }
    Arrays.fill(maxima, 0, rows(), Float.NEGATIVE_INFINITY);
    Arrays.fill(sums, 0, rows(), 0f);
  }

  /** Counts the logit of each head's sink, {@code [H]}, which has no value. */
  void startAtSinks(float[] logits) {
    start();
    for (int row = 0; row < rows(); row++) {
      maxima[row] = logits[head(row)];
      sums[row] = 1;
    }
  }

  @Override
  void weigh(int row, int distance, float[] scores, int offset, int count) {
    shape().cap(scores, offset, count);
    float maximum = Math.max(maxima[row], kernels.max(scores, offset, count));
    if (maximum > maxima[row] && sums[row] > 0) {
      int dim = shape().valueDim();
      float factor = (float) Math.exp(maxima[row] - maximum);
      kernels.scale(factor, values(), row * dim, dim);
      sums[row] *= factor;
    }
    maxima[row] = maximum;
    sums[row] += kernels.expSum(scores, offset, count, maximum);
  }

  /** Writes the weighted means, and the logarithms of the sums of weights. */
  void finish(Matrix out, Matrix logSumExp, int firstRow) {
    int dim = shape().valueDim();
    for (int row = 0; row < rows(); row++) {
      kernels.scale(1 / sums[row], values(), row * dim, dim);
      int target = logSumExp.offset(firstRow + turn(row)) + head(row);
      logSumExp.data()[target] = maxima[row] + (float) Math.log(sums[row]);
    }
    write(out, firstRow);
  }

  /** Elements that {@link #save} writes for {@code rows} rows. */
  static int partSize(AttentionShape shape, int rows) {
    return rows * (shape.valueDim() + 2);
  }

  /** Leaves maxima, sums and weighted values, to be {@link #add}ed to others of the same rows. */
  void save(float[] parts, int offset) {
    System.arraycopy(maxima, 0, parts, offset, rows());
    System.arraycopy(sums, 0, parts, offset + rows(), rows());
    int size = rows() * shape().valueDim();
    System.arraycopy(values(), 0, parts, offset + 2 * rows(), size);
  }

  /** Adds what another tile has {@link #save}d of the same queries and other keys. */
  void add(float[] parts, int offset) {
    int dim = shape().valueDim();
    for (int row = 0; row < rows(); row++) {
      float otherSum = parts[offset + rows() + row];
      if (otherSum == 0) {
        continue;
      }
      float maximum = Math.max(maxima[row], parts[offset + row]);
      float mine = (float) Math.exp(maxima[row] - maximum);
      float theirs = (float) Math.exp(parts[offset + row] - maximum);
      kernels.scale(mine, values(), row * dim, dim);
      kernels.axpy(theirs, parts, offset + 2 * rows() + row * dim, values(), row * dim, dim);
      sums[row] = mine * sums[row] + theirs * otherSum;
      maxima[row] = maximum;
    }
  }
}
