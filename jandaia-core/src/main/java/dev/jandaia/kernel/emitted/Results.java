package dev.jandaia.kernel.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Where machine code leaves results of some groups of weight rows, and how those that are wanted go
 * to the heap.
 */
final class Results {
  final int fromRow;
  final int toRow;
  private final NativeScratch scratch;
  private final float[] y;
  private final int yOffset;
  private final int yStride;
  private MemorySegment memory = MemorySegment.NULL;
  private int firstRow;
  private int width;

  /**
   * @param y {@code [m, rows]}; y[i, r] is at yOffset + i·yStride + r
   */
  Results(NativeScratch scratch, float[] y, int yOffset, int yStride, int fromRow, int toRow) {
    this.scratch = scratch;
    this.y = y;
    this.yOffset = yOffset;
    this.yStride = yStride;
    this.fromRow = fromRow;
    this.toRow = toRow;
  }

  /** Makes room for the results of {@code groups} groups of weight rows, {@code [m, width]}. */
  void begin(int group, int groups, int m) {
    firstRow = group * PackedFormat.ROWS;
    width = groups * PackedFormat.ROWS;
    memory = scratch.results((long) m * stride());
  }

  void clear(int m) {
    memory.asSlice(0, m * stride()).fill((byte) 0);
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
