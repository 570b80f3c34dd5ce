package dev.jandaia.kernel.emitted;

import dev.jandaia.kernel.emitted.Activations.Field;
import java.util.Optional;

/**
 * What the weights of an encoding have in common once they are unpacked to integers: w =
 * scale·(code − offset) − minimum, with one scale per row and run of columns.
 *
 * @param columns columns that share a scale: 32 or 16
 * @param offset what is subtracted from every code
 * @param minimum whether a multiple of the sum of activations is subtracted
 * @param codeBytes bytes of an unpacked code
 */
record RunShape(int columns, Offset offset, boolean minimum, int codeBytes) {
  RunShape(int columns, Offset offset, boolean minimum) {
    this(columns, offset, minimum, 1);
  }

  /** The offsets that occur; −offset·Σx is ready in the activations. */
  enum Offset {
    NONE,
    EIGHT,
    THIRTY_TWO,
    HALF_BYTE
  }

  /** Where the activations keep −offset·Σx for the run that begins at {@code column}. */
  Optional<Field> correction(int column) {
    return switch (offset) {
      case NONE -> Optional.empty();
      case EIGHT -> Optional.of(Field.MINUS_8_SUMS);
      case HALF_BYTE -> Optional.of(Field.MINUS_128_SUMS);
      case THIRTY_TWO ->
          Optional.of(column % 32 == 0 ? Field.MINUS_32_SUMS_LOW : Field.MINUS_32_SUMS_HIGH);
    };
  }

  /** Runs in 32 columns. */
  int runs() {
    return Activations.COLUMNS / columns;
  }

  /** Where the scales of an unpacked run begin. */
  int scalesAt() {
    return PackedFormat.ROWS * columns * codeBytes;
  }

  /** Where the minima of an unpacked run begin. */
  int minimaAt() {
    return scalesAt() + 64;
  }

  /** Bytes of an unpacked run of sixteen rows: codes, scales, minima. */
  int panelBytes() {
    return scalesAt() + 64 + (minimum ? 64 : 0);
  }
}
