package dev.jandaia.kernel;

import java.util.Arrays;

/**
 * Many queries against a run of keys, and many rows of probabilities times a run of values: matrix
 * products whose right side is packed into a panel first, which only many rows repay.
 */
final class AttentionTiles {
  /** Fewer rows go without a panel. */
  static final int LEAST_ROWS = 12;

  private AttentionTiles() {}

  /** {@link Kernels#dots}; the keys are transposed into the panel. */
  static void dots(
      float[] q,
      int qo,
      int qStride,
      int rows,
      float[] k,
      int ko,
      int kStride,
      int count,
      int dim,
      float[] out,
      int oo,
      int outStride) {
    Scratch scratch = Scratch.ofThread();
    for (int r = 0; r < rows; r++) {
      Arrays.fill(out, oo + r * outStride, oo + r * outStride + count, 0f);
    }
    for (int j = 0; j < count; j += MatrixTile.WIDE) {
      int columns = Math.min(MatrixTile.WIDE, count - j);
      int width = PanelProduct.width(columns);
      float[] panel = scratch.panel(dim * width);
      clearBeyond(columns, width, dim, panel);
      float[] working = scratch.rows(Transpose.SCRATCH);
      Transpose.run(k, ko + j * kStride, kStride, columns, dim, panel, 0, width, working);
      PanelProduct.add(q, qo, qStride, rows, panel, columns, dim, out, oo + j, outStride);
    }
  }

  /** {@link Kernels#weightedSums}; the values are copied into the panel. */
  static void weightedSums(
      float[] p,
      int po,
      int pStride,
      int rows,
      float[] v,
      int vo,
      int vStride,
      int count,
      int dim,
      float[] out,
      int oo,
      int outStride) {
    Scratch scratch = Scratch.ofThread();
    for (int d = 0; d < dim; d += MatrixTile.WIDE) {
      int columns = Math.min(MatrixTile.WIDE, dim - d);
      int width = PanelProduct.width(columns);
      float[] panel = scratch.panel(count * width);
      clearBeyond(columns, width, count, panel);
      for (int j = 0; j < count; j++) {
        System.arraycopy(v, vo + j * vStride + d, panel, j * width, columns);
      }
      PanelProduct.add(p, po, pStride, rows, panel, columns, count, out, oo + d, outStride);
    }
  }

  /** Columns that hold nothing are multiplied too: what lies there must be finite. */
  private static void clearBeyond(int columns, int width, int depth, float[] panel) {
    for (int row = 0; columns < width && row < depth; row++) {
      Arrays.fill(panel, row * width + columns, (row + 1) * width, 0f);
    }
  }
}
