package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * IQ2_XS: blocks of 256 in 16 groups of 16; {@code x = ±d·(0.5 + s)/4·GRID}. Stored: d binary16,
 * per eight elements 16 bits (nine of grid index, seven of signs), then 8 bytes of four-bit s.
 */
final class IQ2XS extends BlockFormat {
  private static final byte[] GRID = Grid.load("IQ2_XS", 2, 8, 25, 43);
  private static final int SCALES = 66;

  IQ2XS() {
    super(DType.IQ2_XS);
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  void decodeBlock(MemorySegment block, long at, float[] y, int to) {
    float d = Bytes.half(block, at);
    for (int i = 0; i < 32; i++) {
      int s = Bytes.u8(block, at + SCALES + (i >> 2)) >> (i >> 1 & 1) * 4 & 0xF;
      int code = Bytes.u16(block, at + 2 + i * 2);
      float scale = d * (0.5f + s) * 0.25f;
      Grid.decode(GRID, (code & 511) * 8, 8, scale, Grid.evenSigns(code >> 9), y, to + i * 8);
    }
  }
}
