package dev.jandaia.kernel.emitted;

import dev.jandaia.kernel.packed.PackedProduct;
import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A weight matrix that is multiplied by machine code. For quantised weights activations are rounded
 * to bytes, 32 to a scale, as llama.cpp does, or many rows of them to shorts: results differ from
 * exact ones by the rounding of activations, relatively about 2⁻⁸/√columns per product.
 */
public abstract sealed class EmittedMatrix implements PackedProduct
    permits PanelMatrix, TieredMatrix {
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

  /** How so many rows of activations are wanted. */
  abstract ActivationForm form(int m);

  private static Optional<EmittedMatrix> of(
      Optional<ProductKernels> kernels, MemorySegment stored, int rows, int cols) {
    return kernels
        .filter(some -> stored.isNative() && rows > 0 && cols > 0 && cols % some.columns() == 0)
        .map(some -> some.matrix(stored, rows, cols));
  }
}
