package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Ymm;
import dev.jandaia.tensor.DType;
import java.util.Optional;

/**
 * Q4_K and Q5_K, whose scales are packed as {@link SixBitScales} packs them: sixteen d, sixteen
 * dmin, then 64 bytes, four for each row, of scales of runs 0–3, minima of runs 0–3, scales of runs
 * 4–7 and minima of runs 4–7.
 */
abstract sealed class Avx2SixBitFormat extends Avx2SuperFormat permits Avx2Q4K, Avx2Q5K {
  /** Bytes of the packed scales. */
  static final int SCALES = SixBitScales.PACKED;

  private static final int BYTES = 64;
  private static final Ymm LOW_SCALES = new Ymm(0);
  private static final Ymm LOW_MINIMA = new Ymm(1);
  private static final Ymm REST = new Ymm(2);
  private static final Ymm SIX_BITS = new Ymm(3);
  private static final Ymm FOUR_BITS = new Ymm(4);
  private static final Ymm TOP_BITS = new Ymm(5);

  Avx2SixBitFormat(DType dtype, int bytes, Avx2Codes codes) {
    super(dtype, bytes, new RunShape(32, RunShape.Offset.NONE, true), codes);
  }

  /** Copies d, dmin and the twelve bytes as they are. */
  static void packScales(Avx2Assembler a) {
    copyHalf(a, 0, 0);
    copyHalf(a, 2, 32);
    for (int i = 0; i < 3; i++) {
      copy(a, 4 + 4 * i, BYTES + 64 * i);
    }
  }

  /** Makes sixteen of the twelve bytes of each row. */
  @Override
  final void packBlock(Avx2Assembler a) {
    a.constant(SIX_BITS, 0x3F3F3F3F);
    a.constant(FOUR_BITS, 0x0F0F0F0F);
    a.constant(TOP_BITS, 0x30303030);
    for (int half = 0; half < 2; half++) {
      int at = BYTES + HALF * half;
      a.vmovdqu(LOW_SCALES, Mem.at(Gpr.RDI, at));
      a.vmovdqu(LOW_MINIMA, Mem.at(Gpr.RDI, at + 64));
      a.vmovdqu(REST, Mem.at(Gpr.RDI, at + 128));
      a.vpand(RESULT, LOW_SCALES, SIX_BITS);
      a.vmovdqu(Mem.at(Gpr.RDI, at), RESULT);
      a.vpand(RESULT, LOW_MINIMA, SIX_BITS);
      a.vmovdqu(Mem.at(Gpr.RDI, at + 64), RESULT);
      // Runs 4 to 7: four bits of their own, and two above them from the tops of runs 0 to 3.
      a.vpand(RESULT, REST, FOUR_BITS);
      putTopBits(a, LOW_SCALES);
      a.vmovdqu(Mem.at(Gpr.RDI, at + 128), RESULT);
      a.vpsrld(REST, REST, 4);
      a.vpand(RESULT, REST, FOUR_BITS);
      putTopBits(a, LOW_MINIMA);
      a.vmovdqu(Mem.at(Gpr.RDI, at + 192), RESULT);
    }
  }

  private static void putTopBits(Avx2Assembler a, Ymm low) {
    a.vpsrld(TEMPORARY, low, 2);
    a.vpand(TEMPORARY, TEMPORARY, TOP_BITS);
    a.vpor(RESULT, RESULT, TEMPORARY);
  }

  @Override
  final Mem scales(Gpr block, int half, int run) {
    return Mem.at(block, BYTES + run / RUNS_IN_LANE * 128 + HALF * half);
  }

  @Override
  final Optional<Mem> minima(Gpr block, int half, int run) {
    return Optional.of(Mem.at(block, BYTES + 64 + run / RUNS_IN_LANE * 128 + HALF * half));
  }

  @Override
  final boolean signedScales() {
    return false;
  }

  /** The lower or upper halves of 32 bytes, to {@link #RESULT}, by 0F in {@link #CONSTANT_A}. */
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
