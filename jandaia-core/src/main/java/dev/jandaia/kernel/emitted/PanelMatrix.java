package dev.jandaia.kernel.emitted;

import dev.jandaia.kernel.packed.InputRows;
import java.lang.foreign.MemorySegment;

/**
 * A matrix whose groups of sixteen rows can be unpacked to panels, which many rows of activations
 * share; few rows of activations go past the weights directly.
 */
abstract sealed class PanelMatrix extends EmittedMatrix permits PackedMatrix, StoredMatrix {
  /** Up to this many rows of activations weights are unpacked again for every eight. */
  static final int FEW = 24;

  /** Columns that a panel holds: with the rows of a tile they stay in the first-level cache. */
  static final int DEPTH = 512;

  /** Weight rows whose results are kept together before they go back to the heap. */
  private static final int WIDTH = 128;

  /** Rows of activations that stay in the second-level cache from one panel to the next. */
  private static final int NEAR = 96;

  /** Rows of activations that share unpacked panels. */
  private static final int HEIGHT = 512;

  private final ProductKernels kernels;

  PanelMatrix(ProductKernels kernels, int rows, int cols) {
    super(rows, cols);
    this.kernels = kernels;
  }

  /** Up to this many rows of activations {@link #multiplyFew} costs less than panels do. */
  int mostFewRows() {
    return kernels.worthRepeating();
  }

  /** All wanted results of a few rows of activations. */
  abstract void multiplyFew(NativeScratch scratch, long activations, int m, Results results);

  /** Unpacks {@code depth} columns of a group of sixteen rows to a panel. */
  abstract void panel(NativeScratch scratch, int group, int column, int depth, long address);

  @Override
  public final void multiply(
      float[] x,
      int xOffset,
      int xStride,
      int m,
      float[] y,
      int yOffset,
      int yStride,
      int fromRow,
      int toRow) {
    InputRows rows = NativeScratch.ofThread().inputRows();
    rows.set(x, xOffset, xStride, m);
    multiply(rows, y, yOffset, yStride, fromRow, toRow);
  }

  @Override
  public final void multiply(
      InputRows x, float[] y, int yOffset, int yStride, int fromRow, int toRow) {
    if (x.count() == 0 || fromRow >= toRow) {
      return;
    }
    prepare(fromRow, toRow);
    NativeScratch scratch = NativeScratch.ofThread();
    for (int i = 0; i < x.count(); i += HEIGHT) {
      int count = Math.min(HEIGHT, x.count() - i);
      Results results = scratch.results();
      results.wanted(y, yOffset + i * yStride, yStride, fromRow, toRow);
      long activations = made(form(count), scratch, x, i, count);
      if (count <= mostFewRows()) {
        multiplyFew(scratch, activations, count, results);
      } else {
        multiplyMany(scratch, activations, count, results);
      }
    }
  }

  @Override
  final ActivationForm form(int m) {
    return m <= mostFewRows() ? kernels.form() : kernels.tileForm();
  }

  /** Rows as the kernels want them, unless an earlier matrix has made them so. */
  private long made(ActivationForm form, NativeScratch scratch, InputRows x, int first, int count) {
    if (!x.has(form, first, count)) {
      MemorySegment row = scratch.row(4L * (cols + Activations.COLUMNS));
      long rowBytes = form.bytes(cols);
      long bytes = count * rowBytes + Activations.BYTES;
      MemorySegment activations = x.make(form, first, count, bytes);
      for (int i = 0; i < count; i++) {
        x.copy(first + i, row, cols);
        form.round(row, activations, i * rowBytes, cols);
      }
    }
    return x.memory().address();
  }

  /** Few rows of activations times {@code groups} packed groups, to columns of the results. */
  final void multiplyFew(
      long packed, int groups, long activations, int m, Results results, int column) {
    int most = kernels.mostFewRows();
    for (int i = 0; i < m; i += most) {
      kernels.multiplyFew(
          Math.min(most, m - i),
          packed,
          activations + i * kernels.form().bytes(cols),
          results.address(i, column),
          groups,
          cols / kernels.columns(),
          results.stride());
    }
  }

  private void multiplyMany(NativeScratch scratch, long activations, int m, Results results) {
    int last = results.lastGroup();
    int width = WIDTH / PackedFormat.ROWS;
    for (int group = results.firstGroup(); group < last; group += width) {
      int groups = Math.min(width, last - group);
      results.begin(group, width, m);
      for (int column = 0; column < cols; column += DEPTH) {
        int depth = Math.min(DEPTH, cols - column);
        Onto onto = column == 0 ? Onto.ZERO : Onto.RESULTS;
        long panels = panels(scratch, group, groups, column, depth);
        long x = activations + kernels.tileForm().bytes(column);
        multiplyTiles(onto, panels, groups, depth, x, m, results);
      }
      results.end(m);
    }
  }

  private long panels(NativeScratch scratch, int group, int groups, int column, int depth) {
    long panelBytes = kernels.panelBytes(depth);
    // Room for an odd last panel's neighbour, whose products nobody reads.
    long panels = scratch.panels((groups + 1) * panelBytes).address();
    for (int i = 0; i < groups; i++) {
      panel(scratch, group + i, column, depth, panels + i * panelBytes);
    }
    return panels;
  }

  private void multiplyTiles(
      Onto onto, long panels, int groups, int depth, long activations, int m, Results results) {
    long xStride = kernels.tileForm().bytes(cols);
    for (int from = 0; from < m; from += NEAR) {
      int count = Math.min(NEAR, m - from);
      long x = activations + from * xStride;
      for (int panel = 0; panel < groups; panel += kernels.tilePanels()) {
        long address = panels + panel * kernels.panelBytes(depth);
        long y = results.address(from, panel * PackedFormat.ROWS);
        multiplyRows(onto, count, address, x, y, xStride, depth, results.stride());
      }
    }
  }

  /** In tiles of equal rows, but for some that have one more. */
  private void multiplyRows(
      Onto onto, int m, long panels, long x, long y, long xStride, int depth, long yStride) {
    int tiles = Math.ceilDiv(m, kernels.tileRows());
    int rows = m / tiles;
    int larger = m % tiles;
    if (larger > 0) {
      kernels.multiplyTiles(onto, rows + 1, larger, panels, x, y, xStride, depth, yStride);
    }
    int done = larger * (rows + 1);
    kernels.multiplyTiles(
        onto,
        rows,
        tiles - larger,
        panels,
        x + done * xStride,
        y + done * yStride,
        xStride,
        depth,
        yStride);
  }
}
