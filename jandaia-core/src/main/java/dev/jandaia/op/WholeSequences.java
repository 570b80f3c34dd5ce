package dev.jandaia.op;

import java.util.Arrays;

/** The rows of each sequence of a batch that a backward pass will go through again. */
record WholeSequences(int[] firstRows, int[] rowCounts) {

  /**
   * Remembers the rows of a batch whose sequences are all seen from their beginning.
   *
   * @throws IllegalStateException if one continues: its past has no gradient
   */
  static WholeSequences of(Batch batch) {
    int[] firstRows = new int[batch.chunkCount()];
    int[] rowCounts = new int[batch.chunkCount()];
    for (int i = 0; i < firstRows.length; i++) {
      Batch.Chunk chunk = batch.chunk(i);
      if (chunk.start() != 0) {
        throw new IllegalStateException(
            "a gradient needs the whole sequence, found one that continues at " + chunk.start());
      }
      firstRows[i] = chunk.firstRow();
      rowCounts[i] = chunk.rows();
    }
    return new WholeSequences(firstRows, rowCounts);
  }

  int count() {
    return firstRows.length;
  }

  int firstRow(int sequence) {
    return firstRows[sequence];
  }

  int rows(int sequence) {
    return rowCounts[sequence];
  }

  int longest() {
    return Arrays.stream(rowCounts).max().orElse(0);
  }
}
