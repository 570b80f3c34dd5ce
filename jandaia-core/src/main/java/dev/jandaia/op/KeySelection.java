package dev.jandaia.op;

import java.util.Arrays;

/**
 * Which keys each row of a batch attends to: positions of its sequence, or numbers of its entries,
 * ascending. The selection of one layer can serve those after it. Reusable.
 */
public final class KeySelection {
  private int rows;
  private int stride;
  private int[] positions = {};
  private int[] counts = {};

  /**
   * Begins the selection of up to {@code most} keys for each row of {@code batch}, of those that
   * the batch's {@link Batch#entries} count as visible.
   */
  void start(Batch batch, int most) {
    int longest = 0;
    for (int row = 0; row < batch.size(); row++) {
      longest = Math.max(longest, batch.entries().visible(batch.positions()[row]));
    }
    rows = batch.size();
    stride = Math.min(most, longest);
    int size = Math.multiplyExact(rows, stride);
    if (positions.length < size) {
      positions = new int[Math.max(size, 2 * positions.length)];
    }
    if (counts.length < rows) {
      counts = new int[rows];
    }
  }

  /** The chosen positions of all rows; those of a row from {@link #first} on. */
  int[] positions() {
    return positions;
  }

  /** Index of the first of a row's {@link #positions}. */
  int first(int row) {
    return row * stride;
  }

  /** The most keys that any row attends to. */
  int most() {
    return stride;
  }

  /** How many keys a row attends to. */
  int count(int row) {
    return counts[row];
  }

  void setCount(int row, int count) {
    counts[row] = count;
  }

  /** Chooses all of a row's {@code visible} keys. */
  void all(int row, int visible) {
    for (int i = 0; i < visible; i++) {
      positions[first(row) + i] = i;
    }
    counts[row] = visible;
  }

  /** A copy that stays as it is. */
  KeySelection copy() {
    KeySelection copy = new KeySelection();
    copy.rows = rows;
    copy.stride = stride;
    copy.positions = Arrays.copyOf(positions, rows * stride);
    copy.counts = Arrays.copyOf(counts, rows);
    return copy;
  }

  /** How many of a row's chosen positions lie before {@code position}; they are in order. */
  int before(int row, int position) {
    int from = first(row);
    int at = Arrays.binarySearch(positions, from, from + counts[row], position);
    return (at >= 0 ? at : -at - 1) - from;
  }

  /** How many of {@code count} positions from index {@code at} on follow one another. */
  int run(int at, int count) {
    int start = positions[at];
    int run = 1;
    while (run < count && positions[at + run] == start + run) {
      run++;
    }
    return run;
  }
}
