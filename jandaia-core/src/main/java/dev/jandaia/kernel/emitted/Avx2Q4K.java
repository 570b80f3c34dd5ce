package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.tensor.DType;
import java.util.Optional;

/** Q4_K: {@link Avx2SixBitScales}, then 256 columns of nibbles. */
final class Avx2Q4K extends Avx2SuperFormat {
  private static final int STORED_CODES = 16;
  private static final int CODES = Avx2SixBitScales.PACKED;

  Avx2Q4K() {
    super(
        DType.Q4_K,
        CODES + 2048,
        new RunShape(32, RunShape.Offset.NONE, true),
        Avx2Codes.FOUR_BITS);
  }

  @Override
  void constants(Avx2Assembler a) {
    constant(a, CONSTANT_A, 0x0F0F0F0F);
  }

  @Override
  void packRow(Avx2Assembler a) {
    Avx2SixBitScales.packRow(a);
    for (int i = 0; i < 32; i++) {
      copy(a, STORED_CODES + 4 * i, CODES + 64 * i);
    }
  }

  @Override
  void packBlock(Avx2Assembler a) {
    Avx2SixBitScales.packBlock(a);
  }

  @Override
  void codes(Avx2Assembler a, Gpr block, int half, int run, Codes receiver) {
    for (int k = 0; k < 8; k++) {
      int at = CODES + 64 * (run / 2 * 8 + k) + HALF * half;
      nibbles(a, Mem.at(block, at), run % 2);
      receiver.codes(k, RESULT);
    }
  }

  @Override
  Mem scales(Gpr block, int half, int run) {
    return Avx2SixBitScales.scales(block, half, run);
  }

  @Override
  Optional<Mem> minima(Gpr block, int half, int run) {
    return Optional.of(Avx2SixBitScales.minima(block, half, run));
  }

  @Override
  boolean signedScales() {
    return false;
  }

  /** The lower or upper halves of 32 bytes, to {@link #RESULT}. */
  static void nibbles(Avx2Assembler a, Mem bytes, int upper) {
    if (upper == 0) {
      a.vpand(RESULT, CONSTANT_A, bytes);
    } else {
      a.vmovdqu(RESULT, bytes);
      a.vpsrlw(RESULT, RESULT, 4);
      a.vpand(RESULT, RESULT, CONSTANT_A);
    }
  }
}
