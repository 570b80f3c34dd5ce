package dev.jandaia.kernel.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.jandaia.kernel.packed.PackedProduct;
import dev.jandaia.kernel.packed.RowGroups;
import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A quantised weight matrix, multiplied by machine code. Rows are repacked in groups of sixteen
 * when they are first used, by whoever uses them; the stored bytes are then no longer needed in
 * memory. Activations are rounded to bytes, 32 to a scale, as llama.cpp does: results differ from
 * exact ones by the rounding of activations, relatively about 2⁻⁸/√columns per product.
 */
public final class PackedMatrix implements PackedProduct {
  /** Columns that a panel holds: with the rows of a tile they stay in the first-level cache. */
  private static final int DEPTH = 512;

  /** Weight rows whose results are kept together before they go back to the heap. */
  private static final int WIDTH = 128;

  /** Rows of activations that share unpacked panels. */
  private static final int HEIGHT = 512;

  /** Up to this many rows of activations weights are unpacked again for every eight. */
  private static final int FEW = 24;

  /** Groups per call: bounds the time in which the virtual machine cannot stop the thread. */
  private static final int GROUPS = 32;

  private static final int ROWS = PackedFormat.ROWS;

  private final ProductKernels kernels;
  private final MemorySegment stored;
  private final int rows;
  private final int cols;
  private final long blocks;
  private final RowGroups groups;

  PackedMatrix(ProductKernels kernels, MemorySegment stored, int rows, int cols) {
    this.kernels = kernels;
    this.stored = stored;
    this.rows = rows;
    this.cols = cols;
    blocks = cols / kernels.columns();
    groups = new RowGroups(stored, rows, blocks * kernels.blockBytes(), this::pack);
  }

  /**
   * A matrix {@code [rows, cols]} that is multiplied in the fastest way, if its encoding has
   * kernels.
   *
   * @param stored the matrix as stored, outside the heap; it must not change
   */
  public static Optional<PackedMatrix> fastest(
      DType dtype, MemorySegment stored, int rows, int cols) {
    return of(ProductKernels.of(dtype), stored, rows, cols);
  }

  /** As {@link #fastest}, if there are kernels that do not round activations. */
  public static Optional<PackedMatrix> exact(
      DType dtype, MemorySegment stored, int rows, int cols) {
    return of(ProductKernels.exact(dtype), stored, rows, cols);
  }

  private static Optional<PackedMatrix> of(
      Optional<ProductKernels> kernels, MemorySegment stored, int rows, int cols) {
    return kernels
        .filter(some -> stored.isNative() && rows > 0 && cols > 0 && cols % some.columns() == 0)
        .map(some -> new PackedMatrix(some, stored, rows, cols));
  }

  @Override
  public long bytes() {
    return groups.bytes();
  }

  @Override
  public boolean isPrepared() {
    return groups.isPrepared();
  }

  @Override
  public void prepare(int fromRow, int toRow) {
    groups.prepare(fromRow, toRow);
  }

  private void pack(int group, MemorySegment packed) {
    int first = group * ROWS;
    long rowBytes = stored.byteSize() / rows;
    MemorySegment starts = NativeScratch.ofThread().row(4L * ROWS);
    for (int i = 0; i < ROWS; i++) {
      // Beyond the last row its weights are packed again, for results that nobody reads.
      long start = Math.min(i, rows - 1 - first) * rowBytes;
      starts.setAtIndex(JAVA_INT, i, Math.toIntExact(start));
    }
    kernels.pack(
        packed.address() + groups.at(group),
        stored.address() + first * rowBytes,
        starts.address(),
        blocks);
  }

  /** As specified, up to the rounding of x. */
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
    if (m == 0 || fromRow >= toRow) {
      return;
    }
    prepare(fromRow, toRow);
    NativeScratch scratch = NativeScratch.ofThread();
    for (int i = 0; i < m; i += HEIGHT) {
      int count = Math.min(HEIGHT, m - i);
      Results results = scratch.results();
      results.wanted(y, yOffset + i * yStride, yStride, fromRow, toRow);
      long activations = round(scratch, x, xOffset + i * xStride, xStride, count);
      if (count <= FEW) {
        multiplyFew(activations, count, results);
      } else {
        multiplyMany(scratch, activations, count, results);
      }
    }
  }

  private long round(NativeScratch scratch, float[] x, int offset, int stride, int count) {
    MemorySegment row = scratch.row(4L * cols);
    long rowBytes = kernels.activationBytes(cols);
    MemorySegment activations = scratch.activations(count * rowBytes);
    for (int i = 0; i < count; i++) {
      MemorySegment.copy(x, offset + i * stride, row, JAVA_FLOAT, 0, cols);
      kernels.round(row, activations, i * rowBytes, cols);
    }
    return activations.address();
  }

  private void multiplyFew(long activations, int m, Results results) {
    int last = results.lastGroup();
    int most = kernels.mostFewRows();
    for (int group = results.firstGroup(); group < last; group += GROUPS) {
      int count = Math.min(GROUPS, last - group);
      results.begin(group, count, m);
      for (int i = 0; i < m; i += most) {
        kernels.multiplyFew(
            Math.min(most, m - i),
            address(group),
            activations + i * kernels.activationBytes(cols),
            results.address(i, 0),
            count,
            blocks,
            results.stride());
      }
      results.end(m);
    }
  }

  private void multiplyMany(NativeScratch scratch, long activations, int m, Results results) {
    int last = results.lastGroup();
    int width = WIDTH / ROWS;
    for (int group = results.firstGroup(); group < last; group += width) {
      int count = Math.min(width, last - group);
      results.begin(group, width, m);
      results.clear(m);
      for (int column = 0; column < cols; column += DEPTH) {
        int depth = Math.min(DEPTH, cols - column);
        long panels = unpack(scratch, group, count, column, depth);
        addTiles(panels, count, depth, activations + kernels.activationBytes(column), m, results);
      }
      results.end(m);
    }
  }

  private long unpack(NativeScratch scratch, int group, int count, int column, int depth) {
    long panelBytes = kernels.panelBytes(depth);
    // Room for an odd last panel's neighbour, whose products nobody reads.
    long panels = scratch.panels((count + 1) * panelBytes).address();
    long offset = (long) column / kernels.columns() * kernels.blockBytes();
    for (int i = 0; i < count; i++) {
      kernels.unpack(address(group + i) + offset, panels + i * panelBytes, depth);
    }
    return panels;
  }

  private long address(int group) {
    return groups.packed().address() + groups.at(group);
  }

  private void addTiles(
      long panels, int count, int depth, long activations, int m, Results results) {
    long xStride = kernels.activationBytes(cols);
    long panelBytes = kernels.panelBytes(depth);
    int tile = kernels.tileRows();
    for (int panel = 0; panel < count; panel += 2) {
      for (int i = 0; i < m; i += tile) {
        kernels.multiplyTile(
            Math.min(tile, m - i),
            panels + panel * panelBytes,
            activations + i * xStride,
            results.address(i, panel * ROWS),
            xStride,
            depth,
            results.stride());
      }
    }
  }
}
