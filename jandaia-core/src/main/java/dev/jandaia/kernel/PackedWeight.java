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
  private final EncodedMatrix matrix;

  /**
   * Made when it is needed, which for generation is mostly never; who makes it twice loses nothing.
   */
  private WeightMatrix stored;

  PackedWeight(PackedProduct packed, EncodedMatrix matrix) {
    this.packed = packed;
    this.matrix = matrix;
  }

  private WeightMatrix stored() {
    if (stored == null) {
      stored = VectorApi.exact().stored(matrix);
    }
    return stored;
  }

  @Override
  public int rows() {
    return matrix.rows;
  }

  @Override
  public int cols() {
    return matrix.cols;
  }

  @Override
  public DType dtype() {
    return matrix.dtype;
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
  public void multiply(InputRows x, float[] y, int yOffset, int yStride, int fromRow, int toRow) {
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
    stored()
        .multiplyTransposed(
            x, xOffset, xStride, m, y, yOffset, yStride, fromRow, toRow, fromCol, toCol);
  }

  @Override
  public void decodeRow(int row, float[] out, int outOffset) {
    matrix.decode(row, 0, out, outOffset, matrix.cols);
  }

  @Override
  public void decodeRows(int[] rows, int count, float[] out, int outOffset) {
    WeightMatrix.super.decodeRows(rows, count, out, outOffset);
    if (packed.isCopied()) {
      // With every row that is read the system maps sixteen pages, which would add up.
      matrix.unload();
    }
  }
}
