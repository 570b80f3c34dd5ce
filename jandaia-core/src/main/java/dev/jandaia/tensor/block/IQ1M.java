package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * IQ1_M: as {@link IQ1S} with a scale per 16 elements and a shift per 8. Stored: the low bytes of
 * 32 grid indices, 32 nibbles (three upper index bits, the sign of the shift), four 16-bit words,
 * each with four three-bit s and, on top, a nibble of d: a binary16 in four parts.
 */
final class IQ1M extends BlockFormat {
  private static final int HIGH = 32;
  private static final int SCALES = 48;

  IQ1M() {
    super(DType.IQ1_M);
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = scatteredScale(block, at + SCALES);
    for (int i = 0; i < 32; i++) {
      int s = Bytes.u16(block, at + SCALES + (i >> 3) * 2) >> (i >> 1 & 3) * 3 & 7;
      int high = Bytes.u8(block, at + HIGH + (i >> 1)) >> (i & 1) * 4 & 0xF;
      int index = Bytes.u8(block, at + i) | (high & 7) << 8;
      float shift = (high & 8) == 0 ? IQ1S.SHIFT : -IQ1S.SHIFT;
      IQ1S.decodeEntry(index, d * (2 * s + 1), shift, y, to + i * 8);
    }
  }

  private static float scatteredScale(MemorySegment block, long at) {
    int bits = 0;
    for (int i = 0; i < 4; i++) {
      bits |= Bytes.u16(block, at + i * 2) >> 12 << 4 * i;
    }
    return Float.float16ToFloat((short) bits);
  }
}
