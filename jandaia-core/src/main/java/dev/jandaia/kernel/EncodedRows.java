package dev.jandaia.kernel;

/**
 * The rows of a matrix in one encoding: what a fast kernel knows about that encoding. This class
 * serves any encoding by decoding first; subclasses read theirs as stored.
 */
class EncodedRows implements WeightProduct.Panels {
  /** Rows decoded before they are multiplied. */
  private static final int FEW = 4;

  final EncodedMatrix matrix;

  EncodedRows(EncodedMatrix matrix) {
    this.matrix = matrix;
  }

  static EncodedRows of(EncodedMatrix matrix) {
    return switch (matrix.dtype) {
      case F32 -> new RowsF32(matrix);
      case F16 -> new RowsF16(matrix);
      case BF16 -> new RowsBf16(matrix);
      case Q8_0 -> new RowsQ8(matrix);
      case Q4_0 -> new RowsQ4(matrix);
      case Q4_K -> new RowsQ4K(matrix);
      case Q5_K -> new RowsQ5K(matrix);
      case Q6_K -> new RowsQ6K(matrix);
      default -> new EncodedRows(matrix);
    };
  }

  /** y[r] = Σ_c W[r, c]·x[c], r in [fromRow, toRow). */
  void multiply(float[] x, int xOffset, float[] y, int yOffset, int fromRow, int toRow) {
    float[] w = Scratch.ofThread().rows(FEW * matrix.cols);
    for (int r = fromRow; r < toRow; r += FEW) {
      int count = Math.min(FEW, toRow - r);
      decodeRows(r, count, w);
      VectorAttention.dots(x, xOffset, w, 0, matrix.cols, count, matrix.cols, y, yOffset + r);
    }
  }

  private void decodeRows(int row, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      decode(row + i, 0, out, i * matrix.cols, matrix.cols);
    }
  }

  /** Decodes columns [fromCol, fromCol + n) of a row; both ends lie on block boundaries. */
  void decode(int row, int fromCol, float[] out, int outOffset, int n) {
    matrix.decode(row, fromCol, out, outOffset, n);
  }

  @Override
  public final int cols() {
    return matrix.cols;
  }

  @Override
  public final float[] panel(int row, int columns, int col, int depth, Scratch scratch) {
    return WeightProduct.packRows(this, row, columns, col, depth, scratch);
  }
}
