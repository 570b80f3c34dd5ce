package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import java.lang.foreign.MemorySegment;

/**
 * A matrix that stays where it is stored: each group of sixteen rows is packed to memory of the
 * thread, multiplied and forgotten. That memory stays in the second-level cache, so little is lost
 * against {@link PackedMatrix}, and nothing has to be found or kept for a copy of the weights.
 */
final class StoredMatrix extends PanelMatrix {
  /** Groups whose results are kept together; also bounds the time of a call. */
  private static final int GROUPS = 32;

  /** Rows of activations that go past rows of weights as they are stored, one after the other. */
  private static final int FEW_AS_STORED = 4;

  /**
   * Bytes of weights that stay in the second-level cache from one row of activations to the next.
   */
  private static final int KEPT_BYTES = 1 << 17;

  private final ProductKernels kernels;
  private final MemorySegment stored;
  private final long rowBytes;

  StoredMatrix(ProductKernels kernels, MemorySegment stored, int rows, int cols) {
    super(kernels, rows, cols);
    this.kernels = kernels;
    this.stored = stored;
    rowBytes = stored.byteSize() / rows;
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
  public boolean isCopied() {
    return false;
  }

  @Override
  int mostFewRows() {
    int few = super.mostFewRows();
    return kernels.storedRows().isPresent() ? Math.max(few, FEW_AS_STORED) : few;
  }

  @Override
  void multiplyFew(NativeScratch scratch, long activations, int m, Results results) {
    if (m <= FEW_AS_STORED && kernels.storedRows().isPresent()) {
      multiplyRows(kernels.storedRows().get(), activations, m, results);
      return;
    }
    int last = results.lastGroup();
    for (int first = results.firstGroup(); first < last; first += GROUPS) {
      int count = Math.min(GROUPS, last - first);
      results.begin(first, count, m);
      for (int i = 0; i < count; i++) {
        long packed = packed(scratch, first + i, 0, cols);
        multiplyFew(packed, 1, activations, m, results, i * PackedFormat.ROWS);
      }
      results.end(m);
    }
  }

  private void multiplyRows(NativeCode code, long activations, int m, Results results) {
    int kept = (int) (KEPT_BYTES / (rowBytes * PackedFormat.ROWS));
    int groups = m == 1 ? GROUPS : Math.clamp(kept, 1, GROUPS);
    int last = results.lastGroup();
    for (int first = results.firstGroup(); first < last; first += groups) {
      int count = Math.min(groups, last - first);
      results.begin(first, count, m);
      int row = first * PackedFormat.ROWS;
      int wanted = Math.min(rows - row, count * PackedFormat.ROWS);
      long from = stored.address() + row * rowBytes;
      for (int i = 0; i < m; i++) {
        long x = activations + i * kernels.form().bytes(cols);
        code.call(from, x, results.address(i, 0), wanted, cols / kernels.columns(), 0);
      }
      results.end(m);
    }
  }

  @Override
  void panel(NativeScratch scratch, int group, int column, int depth, long address) {
    kernels.unpack(packed(scratch, group, column, depth), address, depth);
  }

  private long packed(NativeScratch scratch, int group, int column, int depth) {
    int first = group * PackedFormat.ROWS;
    long columnBytes = rowBytes / (cols / kernels.columns()) * (column / kernels.columns());
    long blocks = depth / kernels.columns();
    long packed = scratch.packed(blocks * kernels.blockBytes()).address();
    long starts = RowStarts.of(scratch, first, rows, rowBytes);
    kernels.pack(packed, stored.address() + first * rowBytes + columnBytes, starts, blocks);
    return packed;
  }
}
