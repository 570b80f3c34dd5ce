package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;

/** Rows of an encoding simple enough to be multiplied as stored. */
abstract class DirectRows extends EncodedRows {
  DirectRows(EncodedMatrix matrix) {
    super(matrix);
  }

  /**
   * Σ_c W[row, c]·x[c].
   *
   * @param lanes scratch for {@link LaneSums}
   */
  abstract float dot(int row, float[] x, int xOffset, float[] lanes);

  @Override
  final void multiply(float[] x, int xOffset, float[] y, int yOffset, int fromRow, int toRow) {
    float[] lanes = Scratch.ofThread().lanes(COUNT);
    for (int r = fromRow; r < toRow; r++) {
      y[yOffset + r] = dot(r, x, xOffset, lanes);
    }
  }
}
