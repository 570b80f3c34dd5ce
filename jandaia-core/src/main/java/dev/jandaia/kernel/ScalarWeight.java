package dev.jandaia.kernel;

import dev.jandaia.tensor.DType;

/** A weight matrix of any encoding: decode a row, multiply. The oracle of the fast ones. */
final class ScalarWeight implements WeightMatrix {
  private final EncodedMatrix matrix;

  ScalarWeight(EncodedMatrix matrix) {
    this.matrix = matrix;
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
    float[] w = Scratch.ofThread().rows(matrix.cols);
    for (int r = fromRow; r < toRow; r++) {
      decodeRow(r, w, 0);
      for (int i = 0; i < m; i++) {
        double sum = 0;
        for (int c = 0; c < matrix.cols; c++) {
          sum += (double) x[xOffset + i * xStride + c] * w[c];
        }
        y[yOffset + i * yStride + r] = (float) sum;
      }
    }
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
    float[] w = Scratch.ofThread().rows(matrix.cols);
    for (int r = fromRow; r < toRow; r++) {
      decodeRow(r, w, 0);
      for (int i = 0; i < m; i++) {
        float xir = x[xOffset + i * xStride + r - fromRow];
        for (int c = fromCol; c < toCol; c++) {
          y[yOffset + i * yStride + c] += xir * w[c];
        }
      }
    }
  }

  @Override
  public void decodeRow(int row, float[] out, int outOffset) {
    matrix.decode(row, 0, out, outOffset, matrix.cols);
  }
}
