package dev.jandaia.kernel.emitted;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A weight matrix that is multiplied by machine code. For quantised weights activations are rounded
 * to bytes, 32 to a scale, as llama.cpp does: results differ from exact ones by the rounding of
 * activations, relatively about 2⁻⁸/√columns per product.
 */
public abstract sealed class EmittedMatrix permits PanelMatrix, TieredMatrix {
  final int rows;
  final int cols;

  EmittedMatrix(int rows, int cols) {
    this.rows = rows;
    this.cols = cols;
  }

  /**
   * A matrix {@code [rows, cols]} that is multiplied in the fastest way, if its encoding has
   * kernels.
   *
   * @param stored the matrix as stored, outside the heap; it must not change
   */
  public static Optional<EmittedMatrix> fastest(
      DType dtype, MemorySegment stored, int rows, int cols) {
    return of(ProductKernels.of(dtype), stored, rows, cols);
  }

  /** As {@link #fastest}, if there are kernels that do not round activations. */
  public static Optional<EmittedMatrix> exact(
      DType dtype, MemorySegment stored, int rows, int cols) {
    return of(ProductKernels.exact(dtype), stored, rows, cols);
  }

  private static Optional<EmittedMatrix> of(
      Optional<ProductKernels> kernels, MemorySegment stored, int rows, int cols) {
    return kernels
        .filter(some -> stored.isNative() && rows > 0 && cols > 0 && cols % some.columns() == 0)
        .map(some -> some.matrix(stored, rows, cols));
  }

  /** Bytes that one full multiplication reads. */
  public abstract long bytes();

  /** Whether {@link #prepare} has nothing to do. */
  public abstract boolean isPrepared();

  /** Does what has to be done once before rows [fromRow, toRow) are multiplied. */
  public abstract void prepare(int fromRow, int toRow);

  /**
   * y[i, r] = Σ_c x[i, c]·W[r, c] for i in 0..m, r in [fromRow, toRow), up to the rounding of x.
   *
   * @param x {@code [m, cols]} with row stride {@code xStride}
   * @param y {@code [m, rows]} with row stride {@code yStride}
   */
  public abstract void multiply(
      float[] x,
      int xOffset,
      int xStride,
      int m,
      float[] y,
      int yOffset,
      int yStride,
      int fromRow,
      int toRow);
}
