package dev.jandaia.op;

/**
 * Where the sequences of a batch lie, kept for the backward pass: the batch itself will be used
 * again by then.
 */
final class WholeSequences {
  private final int[] firstRows;
  private final int[] rowCounts;

  private WholeSequences(int[] firstRows, int[] rowCounts) {
    this.firstRows = firstRows;
    this.rowCounts = rowCounts;
  }

  /** The sequences of {@code batch}, none of which may continue an earlier pass. */
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

  /** First row of a sequence in the batch. */
  int firstRow(int sequence) {
    return firstRows[sequence];
  }

  int rowCount(int sequence) {
    return rowCounts[sequence];
  }

  int longest() {
    int longest = 0;
    for (int rows : rowCounts) {
      longest = Math.max(longest, rows);
    }
    return longest;
  }
}
