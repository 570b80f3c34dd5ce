package dev.jandaia.op;

import dev.jandaia.kernel.Workers;
import dev.jandaia.kernel.packed.InputRows;

/**
 * Rows that are a function of the same rows of other matrices, which must stay as they are until
 * these have been read. For inference alone: nothing is recorded. Reusable; a {@link Workspace}
 * owns them.
 */
abstract sealed class MadeRows implements RowSource, InputRows.Maker
    permits GatedRows, NormalisedRows {
  private final Matrix all;
  private final Workers.Range makeAll = this::makeAll;
  private Compute compute;
  private int rows;
  private int cols;
  private boolean made;

  /** Rows that go to {@code all} if they are ever wanted as a matrix. */
  MadeRows(Matrix all) {
    this.all = all;
  }

  final void begin(Compute owner, int newRows, int newCols) {
    compute = owner;
    rows = newRows;
    cols = newCols;
    made = false;
  }

  final Compute compute() {
    return compute;
  }

  @Override
  public final int rows() {
    return rows;
  }

  @Override
  public final int cols() {
    return cols;
  }

  @Override
  public final Matrix matrix() {
    if (!made) {
      unmade();
      compute.forEach(rows, cols, makeAll);
      made = true;
    }
    return all;
  }

  /** The matrix they would go to, for who makes them there himself and then goes on. */
  final Matrix unmade() {
    all.reshape(rows, cols, false);
    return all;
  }

  private void makeAll(int from, int to, int worker) {
    for (int row = from; row < to; row++) {
      make(row, all.data(), all.offset(row));
    }
  }
}
