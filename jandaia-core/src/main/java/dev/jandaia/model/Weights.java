package dev.jandaia.model;

import dev.jandaia.op.MatrixParameter;
import dev.jandaia.op.VectorParameter;

/**
 * Where the parameters of a model come from: a checkpoint, or a random start. Asking twice for a
 * path gives the same object.
 */
public interface Weights {

  /**
   * The matrix at a canonical path.
   *
   * @throws dev.jandaia.tensor.JandaiaException if it is missing or has another shape
   */
  MatrixParameter matrix(String path, int rows, int cols);

  /**
   * The vector at a canonical path, or all elements of a matrix that is used as one, row by row.
   *
   * @throws dev.jandaia.tensor.JandaiaException if it is missing or has another length
   */
  VectorParameter vector(String path, int size);

  /**
   * The table of whole numbers at a canonical path, row by row.
   *
   * @param limit all numbers are from 0 to limit − 1
   * @throws dev.jandaia.tensor.JandaiaException if it is missing, has another shape or other
   *     numbers
   */
  int[] integers(String path, int rows, int cols, int limit);

  /** These weights for a part of the model whose paths continue {@code prefix}. */
  default Weights below(String prefix) {
    return new Weights() {
      @Override
      public MatrixParameter matrix(String path, int rows, int cols) {
        return Weights.this.matrix(prefix + path, rows, cols);
      }

      @Override
      public VectorParameter vector(String path, int size) {
        return Weights.this.vector(prefix + path, size);
      }

      @Override
      public int[] integers(String path, int rows, int cols, int limit) {
        return Weights.this.integers(prefix + path, rows, cols, limit);
      }
    };
  }
}
