package dev.jandaia.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The loops over interleaved codes: a register of ints has in lane i those of row i, several codes
 * in bit fields. Codes of a run share a scale s and an addend a per row: a weight is s·(code −
 * centre) + a.
 *
 * <p>A row of x is prepared once for all rows of weights, to ints, some of which are the bits of
 * floats.
 *
 * <p>Loops over codes are methods of their own, too long for C2 to inline them: it would run out of
 * nodes in the caller, and every vector operation after that makes objects.
 */
interface RunCodes {
  /** Bytes of the codes of a run of sixteen rows. */
  int runBytes();

  /** Ints of a prepared row of x. */
  int preparedInts(int runs);

  /** Prepares a row of x. */
  void prepare(float[] x, int xo, int runs, int[] out, int oo);

  /** Where a prepared row has the scale of each run of it, from its first int. */
  int factorsAt(int runs);

  /** Where it has centre·Σ x[c] of each run, as it is multiplied. */
  int sumsAt(int runs);

  /**
   * sums[g, run, i] = Σ_c (code − centre)·q[c], where x[c] is q[c] times the scale of its run, for
   * one row of x and some groups of sixteen rows: processors fetch some streams of memory faster
   * than one.
   *
   * @param w packed memory, in which the codes of the first group begin at {@code first}, those of
   *     the next after {@code stride} bytes
   * @param x has a prepared row from {@code xo} on
   */
  void sums(
      MemorySegment w, long first, long stride, int groups, int[] x, int xo, int runs, int[] sums);

  /**
   * Unpacks a register of rows, those from {@code lane}: panel[po + k·width …] = weights of column
   * k.
   *
   * @param first where the codes of the group begin
   * @param scales {@code [2, runs, 16]}, scales and addends
   */
  void unpack(
      MemorySegment w,
      long first,
      int lane,
      float[] scales,
      int runs,
      float[] panel,
      int po,
      int width);
}
