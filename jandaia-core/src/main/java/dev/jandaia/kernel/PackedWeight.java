package dev.jandaia.kernel;

import dev.jandaia.kernel.packed.InputRows;
import dev.jandaia.kernel.packed.PackedProduct;
import dev.jandaia.tensor.DType;

/**
 * A weight matrix whose forward product reads repacked rows; everything else reads the weights as
 * stored.
 */
final class PackedWeight implements WeightMatrix {
  private final PackedProduct packed;
  private final WeightMatrix stored;

  PackedWeight(PackedProduct packed, WeightMatrix stored) {
    this.packed = packed;
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
    return packed.bytes();
  }

  @Override
  public boolean isPrepared() {
    return packed.isPrepared();
  }

  @Override
  public void prepare(int fromRow, int toRow) {
    packed.prepare(fromRow, toRow);
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
    packed.multiply(x, xOffset, xStride, m, y, yOffset, yStride, fromRow, toRow);
  }

  @Override
  public void multiply(
      InputRows x, float[] y, int yOffset, int yStride, int fromRow, int toRow) {
    packed.multiply(x, y, yOffset, yStride, fromRow, toRow);
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
