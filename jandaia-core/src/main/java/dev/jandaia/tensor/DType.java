package dev.jandaia.tensor;

/**
 * How the elements of a tensor are stored. A block-quantised type packs {@link #blockSize}
 * consecutive elements of a row into {@link #blockBytes} bytes; for the plain types a block is one
 * element.
 */
public enum DType {
  F64(1, 8),
  F32(1, 4),
  F16(1, 2),
  BF16(1, 2),
  F8_E4M3(1, 1),
  F8_E5M2(1, 1),
  I64(1, 8),
  I32(1, 4),
  I16(1, 2),
  I8(1, 1),
  U8(1, 1),
  BOOL(1, 1),
  Q4_0(32, 18),
  Q4_1(32, 20),
  Q5_0(32, 22),
  Q5_1(32, 24),
  Q8_0(32, 34),
  Q2_K(256, 84),
  Q3_K(256, 110),
  Q4_K(256, 144),
  Q5_K(256, 176),
  Q6_K(256, 210),
  IQ1_S(256, 50),
  IQ1_M(256, 56),
  IQ2_XXS(256, 66),
  IQ2_XS(256, 74),
  IQ2_S(256, 82),
  IQ3_XXS(256, 98),
  IQ3_S(256, 110),
  IQ4_NL(32, 18),
  IQ4_XS(256, 136),
  TQ1_0(256, 54),
  TQ2_0(256, 66),
  MXFP4(32, 17),
  NVFP4(64, 36);

  private final int blockSize;
  private final int blockBytes;

  DType(int blockSize, int blockBytes) {
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
  }

  /** Elements per block. */
  public int blockSize() {
    return blockSize;
  }

  /** Bytes per block. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Whether elements are stored in blocks that share a scale. */
  public boolean isQuantised() {
    return blockSize > 1;
  }

  /**
   * Bytes that {@code elements} consecutive elements take.
   *
   * @throws JandaiaException if {@code elements} is not a multiple of {@link #blockSize}
   */
  public long bytesFor(long elements) {
    if (elements % blockSize != 0) {
      throw new JandaiaException(
          this + ": expected a multiple of " + blockSize + " elements, found " + elements);
    }
    return Math.multiplyExact(elements / blockSize, blockBytes);
  }
}
