package dev.jandaia.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The loops over interleaved codes. A step is {@link #COLUMNS} neighbouring columns: a register of
 * ints has in lane i those of row i, as unsigned codes in bit fields, the first one lowest. A field
 * is not shifted down: masked, it is an int and soon a float that is 2ᵏ times the code, exactly,
 * and the activation it meets has been multiplied by 2⁻ᵏ instead. So a column of sixteen rows costs
 * a mask, a conversion and a multiply-add.
 *
 * <p>Codes of a run share a scale s and an addend a per row: a weight is s·code + a.
 *
 * <p>{@link #one} is too long for C2 to inline it, and must be: it would run out of nodes in the
 * caller, and every vector operation after that makes objects.
 */
interface RunCodes {
  /** Columns of a step. */
  int COLUMNS = 4;

  /** Bytes of a step of sixteen rows. */
  int stepBytes();

  /**
   * The powers of two by which activations are multiplied, for sixteen columns and again for all
   * others.
   */
  float[] factors();

  /**
   * The sums Σ code·x of each run, for one row of x and two groups of sixteen rows each: processors
   * fetch two streams of memory faster than one.
   *
   * @param w packed memory, in which the codes of the groups begin at {@code first}, {@code second}
   * @param x activations times {@link #factors}
   * @param steps steps of a run
   * @param sums {@code [2, runs, 16]}
   */
  void one(MemorySegment w, long first, long second, float[] x, int runs, int steps, float[] sums);

  /**
   * Unpacks a register of rows: panel[po + k·width …] = weights of column k.
   *
   * @param at where the register's part of the first step lies
   * @param scales {@code [2, runs, 16]}, scales and addends; those of the register from so on
   */
  void unpack(
      MemorySegment w,
      long at,
      float[] scales,
      int so,
      int runs,
      int steps,
      float[] panel,
      int po,
      int width);
}
