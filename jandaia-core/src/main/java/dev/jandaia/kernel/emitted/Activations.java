package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.GeneralAssembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;

/**
 * How a row of activations lies in memory after rounding: blocks of 64 bytes for 32 columns, each
 * with 32 signed bytes q, the scale s of x ≈ s·q, and the sums that correct for unsigned weights.
 */
final class Activations {
  /** Columns of a block. */
  static final int COLUMNS = 32;

  /** Bytes of a block. */
  static final int BYTES = 64;

  /** The numbers after the bytes, four bytes each. */
  enum Field {
    /** −32·Σq of the first 16 columns, i32. */
    MINUS_32_SUMS_LOW(32),
    /** −128·Σq, i32: where registers have 512 bits. */
    MINUS_128_SUMS(36),
    /** Σq of the first 16 columns and of the last 16, i16: where registers have 256 bits. */
    SHORT_SUMS(36),
    /** −8·Σq, i32. */
    MINUS_8_SUMS(40),
    /** −16·Σq, i32: an eighth of −128·Σq, for sums over eight lanes. */
    MINUS_16_SUMS(44),
    /** −32·Σq of the last 16 columns, i32. */
    MINUS_32_SUMS_HIGH(48),
    /** Σq, f32. */
    SUM(52),
    /** s·Σq, f32. */
    SCALED_SUM(56),
    /** s, f32. */
    SCALE(60);

    private final int at;

    Field(int at) {
      this.at = at;
    }

    /** Its place in a block. */
    int at() {
      return at;
    }
  }

  private Activations() {}

  /** Bytes of {@code columns} columns, a multiple of 32. */
  static int bytes(int columns) {
    return columns / COLUMNS * BYTES;
  }

  /** Where the bytes of {@code column} lie, counted from the start of a row. */
  static int at(int column) {
    return column / COLUMNS * BYTES + column % COLUMNS;
  }

  /** Where a field of the block of {@code column} lies, counted from the start of a row. */
  static int at(int column, Field field) {
    return column / COLUMNS * BYTES + field.at();
  }

  /**
   * Addresses of several rows: three rows share a pointer, which reaches the second and third by
   * once and twice the stride.
   */
  static Mem row(Gpr[] pointers, Gpr stride, int row, int displacement) {
    Gpr base = pointers[row / 3];
    return row % 3 == 0 ? Mem.at(base, displacement) : Mem.at(base, stride, row % 3, displacement);
  }

  /** Sets the pointers of {@link #row}, one for every third row from {@code first}. */
  static void pointers(GeneralAssembler a, Gpr first, Gpr[] pointers, Gpr stride) {
    if (pointers[0] != first) {
      a.mov(pointers[0], first);
    }
    for (int i = 1; i < pointers.length; i++) {
      a.lea(pointers[i], Mem.at(pointers[i - 1], stride, 2, 0));
      a.add(pointers[i], stride);
    }
  }
}
