package dev.jandaia.kernel;

import dev.jandaia.kernel.emitted.FloatProducts;
import dev.jandaia.tensor.DType;

/** A weight matrix of floats, multiplied by machine code from where it lies. */
final class FloatWeight implements WeightMatrix {
  private final EncodedMatrix matrix;

  FloatWeight(EncodedMatrix matrix) {
    this.matrix = matrix;
  }

  /** Whether the matrix is one of floats, and no larger than machine code counts. */
  static boolean serves(EncodedMatrix matrix) {
    return matrix.dtype == DType.F32
        && (long) matrix.rows * matrix.cols <= Integer.MAX_VALUE
        && matrix.cols <= FloatProducts.MOST_COLUMNS
        && FloatProducts.areTrusted();
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
    return matrix.data.byteSize();
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
    int cols = matrix.cols;
    FloatProducts.dots(
        x,
        xOffset,
        xStride,
        m,
        matrix.data,
        fromRow * cols,
        cols,
        toRow - fromRow,
        cols,
        y,
        yOffset + fromRow,
        yStride);
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
    int cols = matrix.cols;
    FloatProducts.addSums(
        x,
        xOffset,
        xStride,
        m,
        matrix.data,
        fromRow * cols + fromCol,
        cols,
        toRow - fromRow,
        toCol - fromCol,
        y,
        yOffset + fromCol,
        yStride);
  }

  @Override
  public void decodeRow(int row, float[] out, int outOffset) {
    matrix.decode(row, 0, out, outOffset, matrix.cols);
  }
}
