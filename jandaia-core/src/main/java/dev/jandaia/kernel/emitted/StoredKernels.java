package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Kernels of Q8_0 as it is stored, until it is packed ({@link TieredMatrix}). */
final class StoredKernels extends ProductKernels {
  private final ByteKernels packed = new ByteKernels(new PackedBytes());
  private final NativeCode panel = StoredPanelKernel.of(PackedBytes.SHAPE);
  private final NativeCode rowsKernel = StoredRowsKernel.code();

  @Override
  EmittedMatrix matrix(MemorySegment stored, int rows, int cols) {
    return new TieredMatrix(unpacked(stored, rows, cols), packed.matrix(stored, rows, cols));
  }

  @Override
  List<EmittedMatrix> forms(MemorySegment stored, int rows, int cols) {
    return List.of(unpacked(stored, rows, cols), packed.matrix(stored, rows, cols));
  }

  /** A matrix that is never packed. */
  StoredMatrix unpacked(MemorySegment stored, int rows, int cols) {
    return new StoredMatrix(this, stored, rows, cols);
  }

  @Override
  int columns() {
    return packed.columns();
  }

  /** Bytes of {@code columns} columns of a row of weights. */
  long rowBytes(int columns) {
    return DType.Q8_0.bytesFor(columns);
  }

  @Override
  Object activationForm() {
    return packed.activationForm();
  }

  @Override
  long activationBytes(int columns) {
    return packed.activationBytes(columns);
  }

  @Override
  void round(MemorySegment floats, MemorySegment activations, long at, int columns) {
    packed.round(floats, activations, at, columns);
  }

  /** y = x·Wᵀ for one row of x and {@code rows} rows of W. */
  void multiplyOne(long stored, long x, long y, int rows, int columns) {
    rowsKernel.call(stored, x, y, rows, columns / columns(), 0);
  }

  /**
   * A panel of sixteen rows; {@code starts} are sixteen ints, where each begins after the first.
   */
  void panel(long panelAddress, long stored, long starts, int depth) {
    panel.call(panelAddress, stored, starts, depth / columns());
  }

  @Override
  long panelBytes(int depth) {
    return packed.panelBytes(depth);
  }

  @Override
  int tileRows() {
    return packed.tileRows();
  }

  @Override
  void multiplyTile(
      Onto onto, int rows, long panels, long x, long y, long xStride, int depth, long yStride) {
    packed.multiplyTile(onto, rows, panels, x, y, xStride, depth, yStride);
  }
}
