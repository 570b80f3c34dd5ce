package dev.jandaia.kernel.emitted;

/** How cached rows of {@code dim} elements, a multiple of sixteen, lie in memory. */
final class RowFormat {
  /** Columns that are stored together. */
  static final int STEP = 16;

  final RowEncoding encoding;
  final int dim;

  /** What codes stand for: at least as many as there are codes. */
  final float[] table;

  private final int steps;

  RowFormat(RowEncoding encoding, int dim, float[] table) {
    this.encoding = encoding;
    this.dim = dim;
    this.table = table;
    this.steps = dim / STEP;
  }

  /** Bits of a code; 0 for other encodings. */
  int bits() {
    return switch (encoding) {
      case F16, BF16, Q8_0 -> 0;
      case CODES_1 -> 1;
      case CODES_2 -> 2;
      case CODES_3 -> 3;
      case CODES_4 -> 4;
    };
  }

  /** How far the code of a column is from the lowest bit of what is loaded for it. */
  int shift(int column) {
    return switch (bits()) {
      case 4 -> 4 * (column >> 1);
      case 1 -> column;
      default -> 2 * column;
    };
  }

  /** Bytes from one row to the next. */
  int rowBytes() {
    return steps * stepBytes();
  }

  /** Bytes of sixteen columns. */
  int stepBytes() {
    return switch (encoding) {
      case F16, BF16 -> 32;
      case Q8_0 -> 16;
      case CODES_1 -> 2;
      case CODES_2, CODES_3 -> 4;
      case CODES_4 -> 8;
    };
  }

  /** Bytes from one row to the next of what is stored apart: float scales, or upper bits. */
  int otherBytes() {
    return switch (encoding) {
      case Q8_0 -> 4 * Math.ceilDiv(dim, 32);
      case CODES_3 -> 2 * steps;
      default -> 0;
    };
  }

  /** Bytes from one row to the next of what is stored apart, as it is stored: scales are halves. */
  int storedOtherBytes() {
    return encoding == RowEncoding.Q8_0 ? otherBytes() / 2 : otherBytes();
  }
}
