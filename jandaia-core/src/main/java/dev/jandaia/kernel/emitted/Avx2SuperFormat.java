package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Ymm;
import dev.jandaia.tensor.DType;
import java.util.Optional;

/**
 * Blocks of 256 columns whose runs are scaled by small integers, which products can be multiplied
 * by before they become floats: w = d·s·code − dmin·m, with a byte s, and perhaps m, for each row
 * and run. A lane of the packed bytes has those of four runs of a row.
 */
abstract sealed class Avx2SuperFormat extends Avx2Format permits Avx2SixBitFormat, Avx2Q6K {
  /** Lanes of bytes: those of four runs. */
  static final int RUNS_IN_LANE = 4;

  Avx2SuperFormat(DType dtype, int bytes, RunShape shape, Avx2Codes codes) {
    super(dtype, bytes, shape, codes);
  }

  /** Gives the receiver the codes of a run. */
  abstract void codes(Avx2Assembler a, Gpr block, int half, int run, Codes receiver);

  /** Where the lanes that have the byte s of a run lie. */
  abstract Mem scales(Gpr block, int half, int run);

  /** Where those with the byte m lie, if there are minima. */
  abstract Optional<Mem> minima(Gpr block, int half, int run);

  /** Whether s is a signed byte. */
  abstract boolean signedScales();

  /** d of eight rows, in half precision. */
  final Mem blockScales(Gpr block, int half) {
    return Mem.at(block, HALF / 2 * half);
  }

  /** dmin of eight rows, in half precision. */
  final Mem blockMinima(Gpr block, int half) {
    return Mem.at(block, HALF + HALF / 2 * half);
  }

  final int runs() {
    return columns() / shape.columns();
  }

  /** Shifts shorts to the left, or to the right if negative. */
  static void shiftLeft(Avx2Assembler a, Ymm register, int bits) {
    if (bits > 0) {
      a.vpsllw(register, register, bits);
    } else if (bits < 0) {
      a.vpsrlw(register, register, -bits);
    }
  }

  /** The bytes of a run, as integers. */
  final void integers(Avx2Assembler a, Ymm to, Mem bytes, int run) {
    a.vmovdqu(to, bytes);
    a.vpslld(to, to, 24 - 8 * (run % RUNS_IN_LANE));
    if (signedScales()) {
      a.vpsrad(to, to, 24);
    } else {
      a.vpsrld(to, to, 24);
    }
  }

  /** The bytes of a run, times numbers in half precision: floats. */
  final void product(Avx2Assembler a, Ymm to, Mem bytes, int run, Mem factors) {
    integers(a, to, bytes, run);
    a.vcvtdq2ps(to, to);
    a.vcvtph2ps(TEMPORARY, factors);
    a.vmulps(to, to, TEMPORARY);
  }
}
