package dev.jandaia.kernel;

/** Rows of an encoding simple enough to be multiplied as stored. */
abstract class DirectRows extends EncodedRows {
  DirectRows(EncodedMatrix matrix) {
    super(matrix);
  }

  /** Σ_c W[row, c]·x[c]. */
  abstract float dot(int row, float[] x, int xOffset);

  @Override
  final void multiply(float[] x, int xOffset, float[] y, int yOffset, int fromRow, int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      y[yOffset + r] = dot(r, x, xOffset);
    }
  }
}
