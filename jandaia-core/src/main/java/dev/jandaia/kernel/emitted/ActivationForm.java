package dev.jandaia.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.util.function.IntToLongFunction;

/**
 * How machine code wants rows of activations in memory. Matrices of the same form, the very object,
 * can share what was made of rows.
 */
final class ActivationForm {
  /** Makes a row of that form. */
  interface Rounding {
    /**
     * Rounds a row of floats to {@code at} of the activations. May read, and write, a block of
     * {@link Activations#COLUMNS} columns behind it.
     */
    void round(MemorySegment floats, MemorySegment activations, long at, int columns);
  }

  private final IntToLongFunction bytes;
  private final Rounding rounding;

  /**
   * @param bytes of so many columns
   */
  ActivationForm(IntToLongFunction bytes, Rounding rounding) {
    this.bytes = bytes;
    this.rounding = rounding;
  }

  /**
   * Bytes of a row of so many columns, or of what lies before that column of a longer row: a
   * multiple of {@link PanelMatrix#DEPTH} then.
   */
  long bytes(int columns) {
    return bytes.applyAsLong(columns);
  }

  void round(MemorySegment floats, MemorySegment activations, long at, int columns) {
    rounding.round(floats, activations, at, columns);
  }
}
