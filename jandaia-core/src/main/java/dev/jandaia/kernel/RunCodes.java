package dev.jandaia.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The loops over interleaved codes: a register of ints has in lane i those of row i, several codes
 * in bit fields. A field is not shifted down: masked, it is an int and soon a float that is 2ᵏ
 * times the code, exactly, and the activation it meets has been multiplied by 2⁻ᵏ instead. Codes of
 * a run share a scale s and an addend a per row: a weight is s·code + a.
 *
 * <p>{@link #one} is too long for C2 to inline it, and must be: it would run out of nodes in the
 * caller, and every vector operation after that makes objects.
 */
interface RunCodes {
  /** Bytes of the codes of a run of sixteen rows. */
  int runBytes();

  /**
   * Prepares a row of x for {@link #one}: columns to {@code out}, and where the sums of runs start
   * to {@code out[startsAt …]}.
   */
  void prepare(float[] x, int xo, int runs, float[] out, int startsAt);

  /**
   * y[g, i] += Σ_run scales[g, run, i]·Σ_c code·x[c], for one row of x and two groups of sixteen
   * rows each: processors fetch two streams of memory faster than one.
   *
   * @param w packed memory, in which the codes of the groups begin at {@code first}, {@code second}
   * @param x what {@link #prepare} has written
   * @param scales {@code [runs, 16]} of the first group, and from {@code nextScales} of the second
   */
  void one(
      MemorySegment w,
      long first,
      long second,
      float[] x,
      int startsAt,
      int runs,
      float[] scales,
      int nextScales,
      float[] y);

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
