package dev.jandaia.kernel;

/**
 * The rows of a matrix in one encoding: what a fast kernel knows about that encoding. This class
 * serves any encoding by decoding first; subclasses read theirs as stored.
 */
class EncodedRows {
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

  /** Σ_c W[row, c]·x[c]. */
  float dot(int row, float[] x, int xOffset) {
    float[] w = Scratch.ofThread().rows(matrix.cols);
    decode(row, 0, w, 0, matrix.cols);
    return VectorElementwise.dot(w, 0, x, xOffset, matrix.cols);
  }

  /** Decodes columns [fromCol, fromCol + n) of a row; both ends lie on block boundaries. */
  void decode(int row, int fromCol, float[] out, int outOffset, int n) {
    matrix.decode(row, fromCol, out, outOffset, n);
  }
}
