package dev.jandaia.kernel.emitted;

import dev.jandaia.kernel.packed.InputRows;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A matrix that is multiplied from where it is stored until it has been used for some tokens, and
 * then packed: the first answer need not wait for a copy of all weights, and the long ones are read
 * from large pages in the faster order. Matrices become packed one after the other, not all in one
 * token.
 */
final class TieredMatrix extends EmittedMatrix {
  /** Products with few rows of activations before the first matrix is packed. */
  private static final int FIRST = 4;

  /** The last is packed after so many more. */
  private static final int SPREAD = 16;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final StoredMatrix stored;
  private final PackedMatrix packed;

  /** Products of single rows of weights, because threads share those of a matrix. */
  private final AtomicInteger left;

  TieredMatrix(StoredMatrix stored, PackedMatrix packed) {
    super(stored.rows, stored.cols);
    this.stored = stored;
    this.packed = packed;
    left = new AtomicInteger(rows * (FIRST + MADE.getAndIncrement() % SPREAD));
  }

  private EmittedMatrix current() {
    return left.get() > 0 ? stored : packed;
  }

  @Override
  public long bytes() {
    return current().bytes();
  }

  @Override
  public boolean isPrepared() {
    return current().isPrepared();
  }

  @Override
  public void prepare(int fromRow, int toRow) {
    current().prepare(fromRow, toRow);
  }

  @Override
  public boolean isCopied() {
    return packed.isCopied();
  }

  @Override
  ActivationForm form(int m) {
    return current().form(m);
  }

  @Override
  public void multiply(
      float[] x,
      int xOffset,
      int xStride,
      int m,
      float[] y,
      int yOffset,
      int yStride,
      int fromRow,
      int toRow) {
    used(m, toRow - fromRow).multiply(x, xOffset, xStride, m, y, yOffset, yStride, fromRow, toRow);
  }

  @Override
  public void multiply(InputRows x, float[] y, int yOffset, int yStride, int fromRow, int toRow) {
    used(x.count(), toRow - fromRow).multiply(x, y, yOffset, yStride, fromRow, toRow);
  }

  /** The current form, which is about to multiply {@code m} rows of activations. */
  private EmittedMatrix used(int m, int weightRows) {
    EmittedMatrix current = current();
    if (m <= PanelMatrix.FEW && current == stored) {
      left.addAndGet(-weightRows);
    }
    return current;
  }
}
