package dev.jandaia.kernel;

import dev.jandaia.kernel.packed.InputRows;
import dev.jandaia.kernel.packed.PackedProduct;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A product with the matrix as it is stored until it has been used for some tokens, and then with
 * its packed rows: the first answer need not wait for a copy of all weights. Matrices become packed
 * one after the other, not all in one token.
 */
final class TieredProduct implements PackedProduct {
  /** Rows of activations that meet the first matrix before it is packed. */
  static final int FIRST = 4;

  /** The last is packed after so many more. */
  static final int SPREAD = 16;

  /** A product counts as at most so many. */
  private static final int MOST = 8;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final WeightMatrix stored;
  private final PackedProduct packed;

  /** Products of single rows of weights, because threads share those of a matrix. */
  private final AtomicInteger left;

  TieredProduct(WeightMatrix stored, PackedProduct packed) {
    this.stored = stored;
    this.packed = packed;
    left = new AtomicInteger(stored.rows() * (FIRST + MADE.getAndIncrement() % SPREAD));
  }

  private boolean isHot() {
    return left.get() <= 0;
  }

  @Override
  public long bytes() {
    return isHot() ? packed.bytes() : stored.bytes();
  }

  @Override
  public boolean isPrepared() {
    return !isHot() || packed.isPrepared();
  }

  @Override
  public void prepare(int fromRow, int toRow) {
    if (isHot()) {
      packed.prepare(fromRow, toRow);
    }
  }

  @Override
  public boolean isCopied() {
    return packed.isCopied();
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
    if (isHot()) {
      packed.multiply(x, xOffset, xStride, m, y, yOffset, yStride, fromRow, toRow);
    } else {
      count(m, toRow - fromRow);
      stored.multiply(x, xOffset, xStride, m, y, yOffset, yStride, fromRow, toRow);
    }
  }

  @Override
  public void multiply(InputRows x, float[] y, int yOffset, int yStride, int fromRow, int toRow) {
    if (isHot()) {
      packed.multiply(x, y, yOffset, yStride, fromRow, toRow);
    } else {
      count(x.count(), toRow - fromRow);
      stored.multiply(x, y, yOffset, yStride, fromRow, toRow);
    }
  }

  private void count(int m, int weightRows) {
    left.addAndGet(-Math.min(m, MOST) * weightRows);
  }
}
