package dev.jandaia.kernel.packed;

/** The product with a matrix that may have to be repacked when it is first used. */
public interface PackedProduct {
  /** Bytes that one full multiplication reads. */
  long bytes();

  /** Whether {@link #prepare} has nothing to do. */
  boolean isPrepared();

  /** Packs the rows [fromRow, toRow) that are not packed yet. */
  void prepare(int fromRow, int toRow);

  /** Whether products read a copy of all weights, and none reads the stored ones any more. */
  boolean isCopied();

  /**
   * y[i, r] = Σ_c x[i, c]·W[r, c] for i in 0..m, r in [fromRow, toRow).
   *
   * @param x {@code [m, cols]} with row stride {@code xStride}
   * @param y {@code [m, rows]} with row stride {@code yStride}
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
   * As the other {@code multiply}, of rows that several matrices read in turn.
   *
   * @param y {@code [x.count, rows]} with row stride {@code yStride}
   */
  default void multiply(InputRows x, float[] y, int yOffset, int yStride, int fromRow, int toRow) {
    multiply(x.data(), x.offset(0), x.stride(), x.count(), y, yOffset, yStride, fromRow, toRow);
  }
}
