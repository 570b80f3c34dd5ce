package dev.jandaia.op;

/**
 * Rows of activations, {@code [rows, cols]}: a matrix, or rows that are made of others when they
 * are read ({@link Gated#rows}, {@link RmsNorm#rows}). Projections make a row in the first-level
 * cache of the thread that multiplies it; it never goes to memory as part of a matrix.
 */
public sealed interface RowSource permits Matrix, MadeRows {
  int rows();

  int cols();

  /** All rows as numbers, for those who need more than one row at a time. */
  Matrix matrix();
}
