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
abstract class Avx2SuperFormat extends Avx2Format {
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

  @Override
  final void unpack(Avx2Assembler a, Gpr block, int half, Receiver receiver) {
    for (int run = 0; run < runs(); run++) {
      receiver.begin(shape.columns() * run);
      codes(a, block, half, run, receiver);
      product(a, RESULT, scales(block, half, run), run, blockScales(block, half));
      Optional<Mem> minima = minima(block, half, run);
      int which = run;
      minima.ifPresent(bytes -> product(a, MINIMA, bytes, which, blockMinima(block, half)));
      receiver.end(RESULT, minima.map(bytes -> MINIMA));
    }
  }

  /** Shifts shorts to the left, or to the right if negative. */
  static void shiftLeft(Avx2Assembler a, Ymm register, int bits) {
    if (bits > 0) {
      a.vpsllw(register, register, bits);
    } else if (bits < 0) {
      a.vpsrlw(register, register, -bits);
    }
  }

  /** The byte of a run, times a number in half precision. */
  private void product(Avx2Assembler a, Ymm to, Mem bytes, int run, Mem factor) {
    a.vmovdqu(to, bytes);
    a.vpslld(to, to, 24 - 8 * (run % RUNS_IN_LANE));
    if (signedScales()) {
      a.vpsrad(to, to, 24);
    } else {
      a.vpsrld(to, to, 24);
    }
    a.vcvtdq2ps(to, to);
    a.vcvtph2ps(TEMPORARY, factor);
    a.vmulps(to, to, TEMPORARY);
  }
}
