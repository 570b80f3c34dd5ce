package dev.jandaia.kernel.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Where machine code leaves results of some groups of weight rows, and how those that are wanted go
 * to the heap. One per thread, used for one product after the other.
 */
final class Results {
  private MemorySegment memory = MemorySegment.NULL;
  private float[] y = {};
  private int yOffset;
  private int yStride;
  private int fromRow;
  private int toRow;
  private int firstRow;
  private int width;

  /**
   * Results will go to this place.
   *
   * @param heap {@code [m, rows]}; y[i, r] is at offset + i·stride + r, and wanted for r in [from,
   *     to)
   */
  void wanted(float[] heap, int offset, int stride, int from, int to) {
    y = heap;
    yOffset = offset;
    yStride = stride;
    fromRow = from;
    toRow = to;
  }

  /** The first group of sixteen rows that is wanted. */
  int firstGroup() {
    return fromRow / PackedFormat.ROWS;
  }

  /** One past the last group of sixteen rows that is wanted. */
  int lastGroup() {
    return (toRow - 1) / PackedFormat.ROWS + 1;
  }

  /** Makes room for the results of {@code groups} groups of weight rows, {@code [m, width]}. */
  void begin(int group, int groups, int m) {
    firstRow = group * PackedFormat.ROWS;
    width = groups * PackedFormat.ROWS;
    if (memory.byteSize() < m * stride()) {
      memory = NativeScratch.allocate(m * stride());
    }
  }

  /** Bytes from one row of results to the next. */
  long stride() {
    return 4L * width;
  }

  long address(int row, int column) {
    return memory.address() + row * stride() + 4L * column;
  }

  /** Copies the wanted ones. */
  void end(int m) {
    int from = Math.max(fromRow, firstRow);
    int count = Math.min(toRow, firstRow + width) - from;
    for (int i = 0; i < m; i++) {
      long at = i * stride() + 4L * (from - firstRow);
      MemorySegment.copy(memory, JAVA_FLOAT, at, y, yOffset + i * yStride + from, count);
    }
  }
}
