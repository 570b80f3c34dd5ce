package dev.jandaia.op;

/**
 * The entries that the rows of a batch complete, one for every {@code rate} tokens of a sequence:
 * how many there are, and where in a matrix that holds them chunk by chunk. Reusable.
 */
public final class Entries {
  private int rate = 1;
  private int count;
  private int[] firstRows = {};
  private int[] positions = {};

  /** Begins anew, for entries of {@code tokens} tokens. */
  void start(Batch batch, int tokens) {
    rate = tokens;
    count = 0;
    if (firstRows.length <= batch.chunkCount()) {
      firstRows = new int[2 * batch.chunkCount() + 1];
    }
    if (positions.length < batch.size()) {
      positions = new int[2 * batch.size()];
    }
    for (int i = 0; i < batch.chunkCount(); i++) {
      Batch.Chunk chunk = batch.chunk(i);
      firstRows[i] = count;
      int end = (chunk.start() + chunk.rows()) / rate;
      for (int entry = past(chunk); entry < end; entry++) {
        positions[count++] = entry * rate;
      }
    }
    firstRows[batch.chunkCount()] = count;
  }

  /** Tokens per entry. */
  int rate() {
    return rate;
  }

  /** Entries of all chunks together: the rows of a matrix that holds them. */
  public int count() {
    return count;
  }

  /** Row of the first entry that a chunk completes. */
  public int firstRow(int chunk) {
    return firstRows[chunk];
  }

  /** Entries that a chunk completes. */
  public int count(int chunk) {
    return firstRows[chunk + 1] - firstRows[chunk];
  }

  /** Entries of a sequence that were complete before a chunk. */
  int past(Batch.Chunk chunk) {
    return chunk.start() / rate;
  }

  /** Entries that the token at {@code position} may see: those whose last token is not later. */
  int visible(int position) {
    return (position + 1) / rate;
  }

  /** The position of each entry's first token; the first {@link #count()} are valid. */
  int[] positions() {
    return positions;
  }
}
