package dev.jandaia.kernel;

import dev.jandaia.kernel.emitted.EmittedMatrix;
import dev.jandaia.tensor.DType;

/**
 * A quantised weight matrix whose forward product is machine code; everything else reads the
 * weights as stored.
 */
final class EmittedWeight implements WeightMatrix {
  private final EmittedMatrix emitted;
  private final WeightMatrix stored;

  EmittedWeight(EmittedMatrix emitted, WeightMatrix stored) {
    this.emitted = emitted;
    this.stored = stored;
  }

  @Override
  public int rows() {
    return stored.rows();
  }

  @Override
  public int cols() {
    return stored.cols();
  }

  @Override
  public DType dtype() {
    return stored.dtype();
  }

  @Override
  public long bytes() {
    return emitted.bytes();
  }

  @Override
  public boolean isPrepared() {
    return emitted.isPrepared();
  }

  @Override
  public void prepare(int fromRow, int toRow) {
    emitted.prepare(fromRow, toRow);
  }

  @Override
  public void multiply(
      float[] x,
      int xOffset,
      int xStride,
      int m,
      float[] y,
      int yOffset,
      int yStride,
      int fromRow,
      int toRow) {
    emitted.multiply(x, xOffset, xStride, m, y, yOffset, yStride, fromRow, toRow);
  }

  @Override
  public void multiplyTransposed(
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
      int toCol) {
    stored.multiplyTransposed(
        x, xOffset, xStride, m, y, yOffset, yStride, fromRow, toRow, fromCol, toCol);
  }

  @Override
  public void decodeRow(int row, float[] out, int outOffset) {
    stored.decodeRow(row, out, outOffset);
  }
}
