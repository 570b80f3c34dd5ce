package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.tensor.DType;

/**
 * Q5_K: {@link Avx2SixBitFormat the scales}, then the fifth bits (bit r of a byte belongs to run
 * r), then 256 columns of nibbles.
 */
final class Avx2Q5K extends Avx2SixBitFormat {
  private static final int STORED_HIGH = 16;
  private static final int STORED_CODES = 48;
  private static final int HIGH = SCALES;
  private static final int CODES = HIGH + 512;

  Avx2Q5K() {
    super(DType.Q5_K, CODES + 2048, Avx2Codes.FIVE_BITS);
  }

  @Override
  void constants(Avx2Assembler a) {
    a.constant(CONSTANT_A, 0x0F0F0F0F);
    a.constant(CONSTANT_B, 0x10101010);
  }

  @Override
  void packRow(Avx2Assembler a) {
    packScales(a);
    for (int i = 0; i < 8; i++) {
      copy(a, STORED_HIGH + 4 * i, HIGH + 64 * i);
    }
    for (int i = 0; i < 32; i++) {
      copy(a, STORED_CODES + 4 * i, CODES + 64 * i);
    }
  }

  @Override
  void codes(Avx2Assembler a, Gpr block, int half, int run, Codes receiver) {
    for (int k = 0; k < 8; k++) {
      int at = CODES + 64 * (run / 2 * 8 + k) + HALF * half;
      nibbles(a, Mem.at(block, at), run % 2);
      addHighBits(a, Mem.at(block, HIGH + 64 * k + HALF * half), 4 - run);
      receiver.codes(k, RESULT);
    }
  }

  /**
   * {@link #RESULT} |= bits, moved to the left, or to the right if negative, as far as {@link
   * #CONSTANT_B} lets them.
   */
  private static void addHighBits(Avx2Assembler a, Mem bits, int left) {
    a.vmovdqu(TEMPORARY, bits);
    shiftLeft(a, TEMPORARY, left);
    a.vpand(TEMPORARY, TEMPORARY, CONSTANT_B);
    a.vpor(RESULT, RESULT, TEMPORARY);
  }
}
