package dev.jandaia.kernel;

import dev.jandaia.kernel.packed.InputRows;
import dev.jandaia.tensor.DType;

/**
 * A weight matrix {@code W [rows, cols]} (rows = output features) behind the kernel chosen for its
 * encoding. Stateless and safe for use by several threads at once, each on its own range of rows or
 * columns.
 */
public interface WeightMatrix {

  int rows();

  int cols();

  /** How the weights are stored. */
  DType dtype();

  /** Bytes of weight memory that one full multiplication reads. */
  long bytes();

  /**
   * Whether all rows are in the form that {@link #multiply} reads. It prepares the rows it needs by
   * itself; who multiplies all of them on several threads shares that work by preparing first.
   */
  default boolean isPrepared() {
    return true;
  }

  /** Brings a range of rows into the form that {@link #multiply} reads. */
  default void prepare(int fromRow, int toRow) {}

  /**
   * y = x·Wᵀ for a range of rows: y[i, r] = Σ_c x[i, c]·W[r, c], i in 0..m, r in [fromRow, toRow).
   * Writes only those columns of y.
   *
   * @param x {@code [m, cols]} with row stride {@code xStride}
   * @param y {@code [m, rows]} with row stride {@code yStride}; y[i, r] is at yOffset + i·yStride +
   *     r
   */
  void multiply(
      float[] x,
      int xOffset,
      int xStride,
      int m,
      float[] y,
      int yOffset,
      int yStride,
      int fromRow,
      int toRow);

  /**
   * As the other {@code multiply}, of rows that several matrices read in turn: what one of them
   * makes of the rows serves the next.
   *
   * @param y {@code [x.count, rows]} with row stride {@code yStride}
   */
  default void multiply(InputRows x, float[] y, int yOffset, int yStride, int fromRow, int toRow) {
    multiply(x.data(), x.offset(0), x.stride(), x.count(), y, yOffset, yStride, fromRow, toRow);
  }

  /**
   * y += x·W for a band of rows and a range of columns: y[i, c] += Σ_r x[i, r − fromRow]·W[r, c], r
   * in [fromRow, toRow), c in [fromCol, toCol). The input gradient of {@link #multiply}, and the
   * absorbed query projection of MLA (2405.04434).
   *
   * @param x {@code [m, toRow − fromRow]} with row stride {@code xStride}
   * @param y {@code [m, cols]}; y[i, c] is at yOffset + i·yStride + c
   */
  void multiplyTransposed(
      float[] x,
      int xOffset,
      int xStride,
      int m,
      float[] y,
      int yOffset,
      int yStride,
      int fromRow,
      int toRow,
      int fromCol,
      int toCol);

  /** Decodes row {@code row} to {@code cols} floats: an embedding look-up. */
  void decodeRow(int row, float[] out, int outOffset);

  /** Decodes the first {@code count} of {@code rows}, one after the other: look-ups of a batch. */
  default void decodeRows(int[] rows, int count, float[] out, int outOffset) {
    for (int i = 0; i < count; i++) {
      decodeRow(rows[i], out, outOffset + i * cols());
    }
  }
}
