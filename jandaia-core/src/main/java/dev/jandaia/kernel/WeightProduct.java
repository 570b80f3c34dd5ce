package dev.jandaia.kernel;

import static dev.jandaia.kernel.MatrixTile.WIDE;

import java.util.Arrays;

/**
 * Matrix products of many rows: a part of W is decoded to floats, packed into a panel that stays in
 * the second-level cache, and used for all rows of x.
 */
final class WeightProduct {
  /** Who turns rows of weights into panels. */
  interface Panels {
    int cols();

    /** panel[k, j] = W[row + j, col + k], j in 0..columns, k in 0..depth, and anything beyond. */
    float[] panel(int row, int columns, int col, int depth, Scratch scratch);
  }

  /** The depth of a panel: a multiple of every block size. */
  static final int DEPTH = 512;

  /** Decoded rows are kept this far apart, so that they do not share cache sets. */
  private static final int DEPTH_STRIDE = DEPTH + 16;

  /** Columns decoded at a time for a transposed product: again a multiple of every block size. */
  private static final int BAND = 256;

  /** Rows decoded at a time for a transposed product. */
  private static final int BAND_DEPTH = 256;

  private WeightProduct() {}

  /** y[i, r] = Σ_c x[i, c]·W[r, c], r in [fromRow, toRow). */
  static void multiply(
      Panels weight,
      float[] x,
      int xo,
      int xs,
      int m,
      float[] y,
      int yo,
      int ys,
      int fromRow,
      int toRow) {
    int cols = weight.cols();
    Scratch scratch = Scratch.ofThread();
    for (int i = 0; i < m; i++) {
      Arrays.fill(y, yo + i * ys + fromRow, yo + i * ys + toRow, 0f);
    }
    for (int r = fromRow; r < toRow; r += WIDE) {
      int columns = Math.min(WIDE, toRow - r);
      for (int c = 0; c < cols; c += DEPTH) {
        int depth = Math.min(DEPTH, cols - c);
        float[] panel = weight.panel(r, columns, c, depth, scratch);
        PanelProduct.add(x, xo + c, xs, m, panel, columns, depth, y, yo + r, ys);
      }
    }
  }

  /** Decodes rows and transposes them to a panel, with zeros to fill its width. */
  static float[] packRows(
      EncodedRows weight, int row, int columns, int col, int depth, Scratch scratch) {
    int width = PanelProduct.width(columns);
    float[] rows = scratch.rows(WIDE * DEPTH_STRIDE);
    float[] panel = scratch.panel(WIDE * DEPTH);
    for (int j = 0; j < columns; j++) {
      weight.decode(row + j, col, rows, j * DEPTH_STRIDE, depth);
    }
    for (int j = columns; j < width; j++) {
      Arrays.fill(rows, j * DEPTH_STRIDE, j * DEPTH_STRIDE + depth, 0f);
    }
    float[] tile = scratch.tile(Transpose.SCRATCH);
    Transpose.run(rows, 0, DEPTH_STRIDE, width, depth, panel, 0, width, tile);
    return panel;
  }

  /** y[i, c] += Σ_r x[i, r − fromRow]·W[r, c], r in [fromRow, toRow), c in [fromCol, toCol). */
  static void multiplyTransposed(
      EncodedRows weight,
      float[] x,
      int xo,
      int xs,
      int m,
      float[] y,
      int yo,
      int ys,
      int fromRow,
      int toRow,
      int fromCol,
      int toCol) {
    Scratch scratch = Scratch.ofThread();
    int block = weight.matrix.dtype.blockSize();
    float[] band = scratch.rows(BAND_DEPTH * BAND);
    for (int start = fromCol / block * block; start < toCol; start += BAND) {
      int bandColumns = Math.min(BAND, (toCol - start + block - 1) / block * block);
      for (int r = fromRow; r < toRow; r += BAND_DEPTH) {
        int depth = Math.min(BAND_DEPTH, toRow - r);
        for (int k = 0; k < depth; k++) {
          weight.decode(r + k, start, band, k * BAND, bandColumns);
        }
        int end = Math.min(start + BAND, toCol);
        for (int c = Math.max(start, fromCol); c < end; c += WIDE) {
          int columns = Math.min(WIDE, end - c);
          float[] panel = packColumns(band, c - start, BAND, columns, depth, scratch);
          int from = xo + r - fromRow;
          PanelProduct.add(x, from, xs, m, panel, columns, depth, y, yo + c, ys);
        }
      }
    }
  }

  /** Packs panel[k, j] = in[k, j], with zeros to fill its width. */
  static float[] packColumns(
      float[] in, int offset, int stride, int columns, int depth, Scratch scratch) {
    int width = PanelProduct.width(columns);
    float[] panel = scratch.panel(WIDE * DEPTH);
    for (int k = 0; k < depth; k++) {
      System.arraycopy(in, offset + k * stride, panel, k * width, columns);
      if (columns < width) {
        Arrays.fill(panel, k * width + columns, (k + 1) * width, 0f);
      }
    }
    return panel;
  }
}
