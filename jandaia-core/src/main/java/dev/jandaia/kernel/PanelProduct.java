package dev.jandaia.kernel;

import java.util.Arrays;

/**
 * C += A·panel for any number of rows, in tiles; what does not fill a tile goes through scratch.
 *
 * <p>An element of C is rounded the same wherever it lies: products are added to it one by one, in
 * the order of the depth. How threads share the rows decides which of them fill a tile.
 */
final class PanelProduct {
  private PanelProduct() {}

  /**
   * The width of the panel that holds {@code columns} columns (at most {@link MatrixTile#WIDE}).
   */
  static int width(int columns) {
    return columns <= MatrixTile.NARROW ? MatrixTile.NARROW : MatrixTile.WIDE;
  }

  /**
   * c[i, j] += Σ_k a[i, k]·panel[k, j], i in 0..m, j in 0..columns.
   *
   * @param as row stride of a, and {@code cs} of c
   * @param panel {@code [depth, width(columns)]} dense
   */
  static void add(
      float[] a,
      int ao,
      int as,
      int m,
      float[] panel,
      int columns,
      int depth,
      float[] c,
      int co,
      int cs) {
    int width = width(columns);
    int i = 0;
    if (columns == width) {
      for (; i <= m - MatrixTile.ROWS; i += MatrixTile.ROWS) {
        MatrixTile.add(a, ao + i * as, as, panel, width, depth, c, co + i * cs, cs);
      }
    }
    for (; i < m; i += MatrixTile.ROWS) {
      int rows = Math.min(MatrixTile.ROWS, m - i);
      addPart(a, ao + i * as, as, rows, panel, columns, depth, c, co + i * cs, cs);
    }
  }

  /**
   * A tile of fewer rows or columns, which begins with what C holds, as a full one does; where C
   * has nothing there are zeros.
   */
  private static void addPart(
      float[] a,
      int ao,
      int as,
      int rows,
      float[] panel,
      int columns,
      int depth,
      float[] c,
      int co,
      int cs) {
    int width = width(columns);
    Scratch scratch = Scratch.ofThread();
    float[] tile = scratch.tile(MatrixTile.ROWS * width);
    Arrays.fill(tile, 0, MatrixTile.ROWS * width, 0f);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(c, co + r * cs, tile, r * width, columns);
    }
    if (rows == MatrixTile.ROWS) {
      MatrixTile.add(a, ao, as, panel, width, depth, tile, 0, width);
    } else {
      float[] full = scratch.fewRows(MatrixTile.ROWS * depth);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(a, ao + r * as, full, r * depth, depth);
      }
      MatrixTile.add(full, 0, depth, panel, width, depth, tile, 0, width);
    }
    for (int r = 0; r < rows; r++) {
      System.arraycopy(tile, r * width, c, co + r * cs, columns);
    }
  }
}
