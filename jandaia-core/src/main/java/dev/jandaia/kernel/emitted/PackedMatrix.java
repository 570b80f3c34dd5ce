package dev.jandaia.kernel.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.jandaia.machinecode.NativeMemory;
import dev.jandaia.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A quantised weight matrix, multiplied by machine code. Rows are repacked in groups of sixteen
 * when they are first used, by whoever uses them; the stored bytes are then no longer needed in
 * memory. Activations are rounded to bytes, 32 to a scale, as llama.cpp does: results differ from
 * exact ones by the rounding of activations, relatively about 2⁻⁸/√columns per product.
 */
public final class PackedMatrix {
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
  private static final VarHandle READY = MethodHandles.arrayElementVarHandle(byte[].class);

  private final ProductKernels kernels;
  private final MemorySegment stored;
  private final int rows;
  private final int cols;
  private final long blocks;
  private final long groupBytes;
  private final byte[] ready;
  private final AtomicInteger missing;
  private MemorySegment packed = MemorySegment.NULL;

  PackedMatrix(ProductKernels kernels, MemorySegment stored, int rows, int cols) {
    this.kernels = kernels;
    this.stored = stored;
    this.rows = rows;
    this.cols = cols;
    blocks = cols / kernels.columns();
    groupBytes = blocks * kernels.blockBytes();
    ready = new byte[(rows + ROWS - 1) / ROWS];
    missing = new AtomicInteger(ready.length);
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

  /** Bytes that one full multiplication reads. */
  public long bytes() {
    return ready.length * groupBytes;
  }

  /** Whether all groups are packed. */
  public boolean isPrepared() {
    return missing.get() == 0;
  }

  /** Packs the groups of rows [fromRow, toRow) that are not packed yet. */
  public void prepare(int fromRow, int toRow) {
    if (isPrepared()) {
      return;
    }
    MemorySegment target = allocated();
    int last = (toRow - 1) / ROWS + 1;
    for (int group = fromRow / ROWS; group < last; group += GROUPS) {
      int end = Math.min(group + GROUPS, last);
      if (packMissing(group, end, target)) {
        forget(group, end);
      }
    }
  }

  /** Packs the groups that are not packed yet; says whether there were any. */
  private boolean packMissing(int group, int end, MemorySegment target) {
    boolean any = false;
    for (int i = group; i < end; i++) {
      if ((byte) READY.getAcquire(ready, i) == 0) {
        any = true;
        pack(i, target);
        if ((byte) READY.getAndSet(ready, i, (byte) 1) == 0) {
          missing.decrementAndGet();
        }
      }
    }
    return any;
  }

  /** Lets the system take the pages of stored groups back: what is packed is not read again. */
  private void forget(int group, int end) {
    if (stored.isMapped()) {
      long from = group * ROWS * rowBytes();
      long to = Math.min(rows, end * ROWS) * rowBytes();
      stored.asSlice(from, to - from).unload();
    }
  }

  private long rowBytes() {
    return stored.byteSize() / rows;
  }

  private synchronized MemorySegment allocated() {
    if (packed.equals(MemorySegment.NULL)) {
      packed = NativeMemory.allocate(bytes(), Arena.ofAuto());
    }
    return packed;
  }

  /** Two threads may pack the same group: they write the same bytes. */
  private void pack(int group, MemorySegment target) {
    int first = group * ROWS;
    long rowBytes = rowBytes();
    MemorySegment starts = NativeScratch.ofThread().row(4L * ROWS);
    for (int i = 0; i < ROWS; i++) {
      // Beyond the last row its weights are packed again, for results that nobody reads.
      long start = Math.min(i, rows - 1 - first) * rowBytes;
      starts.setAtIndex(JAVA_INT, i, Math.toIntExact(start));
    }
    kernels.pack(
        target.address() + group * groupBytes,
        stored.address() + first * rowBytes,
        starts.address(),
        blocks);
  }

  /**
   * y[i, r] = Σ_c x[i, c]·W[r, c] for i in 0..m, r in [fromRow, toRow), up to the rounding of x.
   *
   * @param x {@code [m, cols]} with row stride {@code xStride}
   * @param y {@code [m, rows]} with row stride {@code yStride}
   */
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
      int groups = Math.min(GROUPS, last - group);
      results.begin(group, groups, m);
      for (int i = 0; i < m; i += most) {
        kernels.multiplyFew(
            Math.min(most, m - i),
            packed.address() + group * groupBytes,
            activations + i * kernels.activationBytes(cols),
            results.address(i, 0),
            groups,
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
      int groups = Math.min(width, last - group);
      results.begin(group, width, m);
      for (int column = 0; column < cols; column += DEPTH) {
        int depth = Math.min(DEPTH, cols - column);
        Onto onto = column == 0 ? Onto.ZERO : Onto.RESULTS;
        long panels = unpack(scratch, group, groups, column, depth);
        long x = activations + kernels.activationBytes(column);
        multiplyTiles(onto, panels, groups, depth, x, m, results);
      }
      results.end(m);
    }
  }

  private long unpack(NativeScratch scratch, int group, int groups, int column, int depth) {
    long panelBytes = kernels.panelBytes(depth);
    // Room for an odd last panel's neighbour, whose products nobody reads.
    long panels = scratch.panels((groups + 1) * panelBytes).address();
    long offset = (long) column / kernels.columns() * kernels.blockBytes();
    for (int i = 0; i < groups; i++) {
      long from = packed.address() + (group + i) * groupBytes + offset;
      kernels.unpack(from, panels + i * panelBytes, depth);
    }
    return panels;
  }

  private void multiplyTiles(
      Onto onto, long panels, int groups, int depth, long activations, int m, Results results) {
    long xStride = kernels.activationBytes(cols);
    long panelBytes = kernels.panelBytes(depth);
    int tile = kernels.tileRows();
    for (int panel = 0; panel < groups; panel += 2) {
      for (int i = 0; i < m; i += tile) {
        kernels.multiplyTile(
            onto,
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
