package dev.jandaia.kernel;

import dev.jandaia.tensor.DType;

/**
 * A weight matrix for vector machines: one row of x is bound by memory and reads the weights as
 * stored; many rows are bound by arithmetic and go through packed panels.
 */
final class VectorWeight implements WeightMatrix {
  /** From this many rows of x, packing a panel costs less than it saves. */
  private static final int MANY_ROWS = 12;

  private final EncodedMatrix matrix;
  private final EncodedRows rows;

  VectorWeight(EncodedMatrix matrix) {
    this.matrix = matrix;
    rows = EncodedRows.of(matrix);
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
    if (m == 1) {
      rows.multiply(x, xOffset, y, yOffset, fromRow, toRow);
    } else if (m < MANY_ROWS) {
      multiplyFew(x, xOffset, xStride, m, y, yOffset, yStride, fromRow, toRow);
    } else {
      WeightProduct.multiply(rows, x, xOffset, xStride, m, y, yOffset, yStride, fromRow, toRow);
    }
  }

  /** Decodes each row of weights once and multiplies it with every row of x. */
  private void multiplyFew(
      float[] x,
      int xOffset,
      int xStride,
      int m,
      float[] y,
      int yOffset,
      int yStride,
      int fromRow,
      int toRow) {
    Scratch scratch = Scratch.ofThread();
    float[] w = scratch.rows(matrix.cols);
    float[] dots = scratch.tile(MANY_ROWS);
    for (int r = fromRow; r < toRow; r++) {
      decodeRow(r, w, 0);
      VectorAttention.dots(w, 0, x, xOffset, xStride, m, matrix.cols, dots, 0);
      for (int i = 0; i < m; i++) {
        y[yOffset + i * yStride + r] = dots[i];
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
    if (m < MatrixTile.ROWS) {
      addFew(x, xOffset, xStride, m, y, yOffset, yStride, fromRow, toRow, fromCol, toCol);
    } else {
      WeightProduct.multiplyTransposed(
          rows, x, xOffset, xStride, m, y, yOffset, yStride, fromRow, toRow, fromCol, toCol);
    }
  }

  private void addFew(
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
    int block = matrix.dtype.blockSize();
    int from = fromCol / block * block;
    int n = (toCol + block - 1) / block * block - from;
    float[] w = Scratch.ofThread().rows(n);
    for (int r = fromRow; r < toRow; r++) {
      rows.decode(r, from, w, 0, n);
      for (int i = 0; i < m; i++) {
        float factor = x[xOffset + i * xStride + r - fromRow];
        int to = yOffset + i * yStride + fromCol;
        VectorElementwise.axpy(factor, w, fromCol - from, y, to, toCol - fromCol);
      }
    }
  }

  @Override
  public void decodeRow(int row, float[] out, int outOffset) {
    rows.decode(row, 0, out, outOffset, matrix.cols);
  }
}
