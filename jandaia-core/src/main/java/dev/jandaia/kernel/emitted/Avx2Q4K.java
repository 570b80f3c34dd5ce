package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.tensor.DType;

/** Q4_K: {@link Avx2SixBitFormat the scales}, then 256 columns of nibbles. */
final class Avx2Q4K extends Avx2SixBitFormat {
  private static final int STORED_CODES = 16;
  private static final int CODES = SCALES;

  Avx2Q4K() {
    super(DType.Q4_K, CODES + 2048, Avx2Codes.FOUR_BITS);
  }

  @Override
  void constants(Avx2Assembler a) {
    a.constant(CONSTANT_A, 0x0F0F0F0F);
  }

  @Override
  void packRow(Avx2Assembler a) {
    packScales(a);
    for (int i = 0; i < 32; i++) {
      copy(a, STORED_CODES + 4 * i, CODES + 64 * i);
    }
  }

  @Override
  void codes(Avx2Assembler a, Gpr block, int half, int run, Codes receiver) {
    for (int k = 0; k < 8; k++) {
      int at = CODES + 64 * (run / 2 * 8 + k) + HALF * half;
      nibbles(a, Mem.at(block, at), run % 2);
      receiver.codes(k, RESULT);
    }
  }
}
