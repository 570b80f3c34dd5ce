package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;

/**
 * How a row of activations lies in memory after rounding to sixteen bits: spans of {@link #COLUMNS}
 * columns, of which the last may be shorter, each with the scale s of x ≈ s·q and then its q. Of
 * every four columns the two in the middle change places, as the weights do in {@link
 * Avx2PanelKernel}, because that is how bytes are widened most easily.
 */
final class ShortActivations {
  /** Columns of a span: those that a tile multiplies at once. */
  static final int COLUMNS = PanelMatrix.DEPTH;

  /** The largest q. */
  static final int LARGEST = 32767;

  /** Where s lies in a span, f32. */
  static final int SCALE = 0;

  /** Where q begin in a span. */
  static final int CODES = 64;

  /** Rows rounded by {@link Avx2RoundShortsKernel}. */
  static final ActivationForm FORM = form();

  private ShortActivations() {}

  private static ActivationForm form() {
    NativeCode round = Avx2RoundShortsKernel.code();
    return new ActivationForm(
        ShortActivations::bytes,
        (floats, activations, at, columns) -> {
          for (int column = 0; column < columns; column += COLUMNS) {
            long from = floats.address() + 4L * column;
            long span = activations.address() + at + bytes(column);
            int count = Math.min(COLUMNS, columns - column);
            round.call(from, span, count / Activations.COLUMNS, 0);
          }
        });
  }

  private static long bytes(int columns) {
    return (long) Math.ceilDiv(columns, COLUMNS) * CODES + 2L * columns;
  }
}
