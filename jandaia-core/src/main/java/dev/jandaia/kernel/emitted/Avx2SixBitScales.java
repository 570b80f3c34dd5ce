package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.Avx2Format.HALF;
import static dev.jandaia.kernel.emitted.Avx2Format.RESULT;
import static dev.jandaia.kernel.emitted.Avx2Format.TEMPORARY;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Ymm;

/**
 * The scales of Q4_K and Q5_K, packed as {@link SixBitScales} packs them: sixteen d, sixteen dmin,
 * then 64 bytes, four for each row, of scales of runs 0–3, minima of runs 0–3, scales of runs 4–7
 * and minima of runs 4–7.
 */
final class Avx2SixBitScales {
  /** Bytes of the packed scales. */
  static final int PACKED = SixBitScales.PACKED;

  private static final int BYTES = 64;
  private static final Ymm LOW_SCALES = new Ymm(0);
  private static final Ymm LOW_MINIMA = new Ymm(1);
  private static final Ymm REST = new Ymm(2);
  private static final Ymm SIX_BITS = new Ymm(3);
  private static final Ymm FOUR_BITS = new Ymm(4);
  private static final Ymm TOP_BITS = new Ymm(5);

  private Avx2SixBitScales() {}

  /** Copies d, dmin and the twelve bytes as they are. */
  static void packRow(Avx2Assembler a) {
    Avx2Format.copyHalf(a, 0, 0);
    Avx2Format.copyHalf(a, 2, 32);
    for (int i = 0; i < 3; i++) {
      Avx2Format.copy(a, 4 + 4 * i, BYTES + 64 * i);
    }
  }

  /** Makes sixteen of the twelve bytes of each row. */
  static void packBlock(Avx2Assembler a) {
    Avx2Format.constant(a, SIX_BITS, 0x3F3F3F3F);
    Avx2Format.constant(a, FOUR_BITS, 0x0F0F0F0F);
    Avx2Format.constant(a, TOP_BITS, 0x30303030);
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

  /** Where the scales of a run lie. */
  static Mem scales(Gpr block, int half, int run) {
    return Mem.at(block, BYTES + run / Avx2SuperFormat.RUNS_IN_LANE * 128 + HALF * half);
  }

  /** Where the minima of a run lie. */
  static Mem minima(Gpr block, int half, int run) {
    return Mem.at(block, BYTES + 64 + run / Avx2SuperFormat.RUNS_IN_LANE * 128 + HALF * half);
  }
}
