package dev.jandaia.kernel.emitted;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** Where sixteen neighbouring rows of a matrix begin, for the kernels that gather them. */
final class RowStarts {
  private RowStarts() {}

  /**
   * The address of sixteen ints, bytes counted from row {@code first}.
   *
   * @param rows of the matrix; beyond the last row that one is read again, for results that nobody
   *     reads
   */
  static long of(NativeScratch scratch, int first, int rows, long rowBytes) {
    MemorySegment starts = scratch.row(4L * PackedFormat.ROWS);
    for (int i = 0; i < PackedFormat.ROWS; i++) {
      long start = Math.min(i, rows - 1 - first) * rowBytes;
      starts.setAtIndex(JAVA_INT, i, Math.toIntExact(start));
    }
    return starts.address();
  }
}
