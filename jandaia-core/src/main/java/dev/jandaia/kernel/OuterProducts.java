package dev.jandaia.kernel;

import static dev.jandaia.kernel.MatrixTile.WIDE;

/** The weight gradient dW += dOutᵀ·x as a product of packed panels. */
final class OuterProducts {
  /** Rows of x summed per panel. */
  private static final int DEPTH = 512;

  /** Rows of dW per pass: their transposed part of dOut stays in the second-level cache. */
  private static final int BAND = 192;

  /** Rows of the transposed dOut are kept this far apart, so that they do not share cache sets. */
  private static final int STRIDE = DEPTH + 16;

  private OuterProducts() {}

  static void add(
      float[] dOut,
      int dOutOffset,
      int dOutStride,
      float[] x,
      int xOffset,
      int xStride,
      int m,
      float[] dWeight,
      int cols,
      int fromRow,
      int toRow) {
    Scratch scratch = Scratch.ofThread();
    float[] dOutT = scratch.rows(BAND * STRIDE);
    float[] tile = scratch.tile(Transpose.SCRATCH);
    for (int i = 0; i < m; i += DEPTH) {
      int depth = Math.min(DEPTH, m - i);
      for (int r = fromRow; r < toRow; r += BAND) {
        int rows = Math.min(BAND, toRow - r);
        int from = dOutOffset + i * dOutStride + r;
        Transpose.run(dOut, from, dOutStride, depth, rows, dOutT, 0, STRIDE, tile);
        for (int c = 0; c < cols; c += WIDE) {
          int columns = Math.min(WIDE, cols - c);
          int xFrom = xOffset + i * xStride + c;
          float[] panel = WeightProduct.packColumns(x, xFrom, xStride, columns, depth, scratch);
          int to = r * cols + c;
          PanelProduct.add(dOutT, 0, STRIDE, rows, panel, columns, depth, dWeight, to, cols);
        }
      }
    }
  }
}
