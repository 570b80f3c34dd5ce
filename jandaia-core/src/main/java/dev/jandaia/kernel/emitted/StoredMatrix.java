package dev.jandaia.kernel.emitted;

import java.lang.foreign.MemorySegment;

/** A matrix that is multiplied from where it is stored. */
final class StoredMatrix extends PanelMatrix {
  /** Rows per call: bounds the time in which the virtual machine cannot stop the thread. */
  private static final int MOST_ROWS = 512;

  private final StoredKernels kernels;
  private final MemorySegment stored;
  private final long rowBytes;

  StoredMatrix(StoredKernels kernels, MemorySegment stored, int rows, int cols) {
    super(kernels, rows, cols);
    this.kernels = kernels;
    this.stored = stored;
    rowBytes = kernels.rowBytes(cols);
  }

  @Override
  public long bytes() {
    return rows * rowBytes;
  }

  @Override
  public boolean isPrepared() {
    return true;
  }

  @Override
  public void prepare(int fromRow, int toRow) {
    // There is nothing to do: that is the point.
  }

  @Override
  int few() {
    return 1;
  }

  @Override
  void multiplyFew(long activations, int m, Results results) {
    int groups = MOST_ROWS / PackedFormat.ROWS;
    int last = results.lastGroup();
    for (int group = results.firstGroup(); group < last; group += groups) {
      int count = Math.min(groups, last - group);
      results.begin(group, count, 1);
      int row = group * PackedFormat.ROWS;
      int wanted = Math.min(rows - row, count * PackedFormat.ROWS);
      long from = stored.address() + row * rowBytes;
      kernels.multiplyOne(from, activations, results.address(0, 0), wanted, cols);
      results.end(1);
    }
  }

  @Override
  void panel(NativeScratch scratch, int group, int column, int depth, long address) {
    int first = group * PackedFormat.ROWS;
    long starts = RowStarts.of(scratch, first, rows, rowBytes);
    long from = stored.address() + first * rowBytes + kernels.rowBytes(column);
    kernels.panel(address, from, starts, depth);
  }
}
