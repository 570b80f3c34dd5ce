package dev.jandaia.kernel.emitted;

/**
 * What kind of bytes the codes of an encoding are, for processors that multiply bytes in pairs to
 * 16-bit sums (vpmaddubsw, unsigned times signed) and saturate there.
 */
enum Avx2Codes {
  /**
   * Signed: their magnitudes are multiplied by activations that take their signs, or they are
   * unpacked to shorts, which many rows of activations share ({@link Avx2ShortsTileKernel}).
   */
  SIGNED(1),
  /** At most 15: eight pairs of products with activations of ±127 stay within 16 bits. */
  FOUR_BITS(8),
  /** At most 31. */
  FIVE_BITS(4),
  /** At most 63. */
  SIX_BITS(2);

  private final int together;

  Avx2Codes(int together) {
    this.together = together;
  }

  /** Bytes of a code in a panel. */
  int unpackedBytes() {
    return this == SIGNED ? 2 : 1;
  }

  /** How many registers of products may be added before they must be widened. */
  int together() {
    return together;
  }
}
