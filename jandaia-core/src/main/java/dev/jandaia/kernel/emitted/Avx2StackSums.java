package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.RBX;
import static dev.jandaia.machinecode.Gpr.RSP;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Ymm;

/**
 * The sums of a tile, sixteen floats for each of its rows, on the stack, because its registers are
 * taken by what changes more often. They lie where no register's bytes are in two cache lines.
 */
final class Avx2StackSums {
  private static final int HALVES = 2;

  /** The binary logarithm of {@link Avx2Format#HALF}. */
  private static final int HALF_BITS = 5;

  private final Avx2Assembler a;
  private final int rows;

  Avx2StackSums(Avx2Assembler a, int rows) {
    this.a = a;
    this.rows = rows;
  }

  /** Makes room, and for one more register. Uses r10, and rbx until {@link #end}. */
  void begin() {
    a.push(RBX);
    a.mov(RBX, RSP);
    a.mov(R10, RSP);
    a.shr(R10, HALF_BITS);
    a.imul(R10, R10, Avx2Format.HALF);
    a.sub(R10, Avx2Format.HALF * (HALVES * rows + 1));
    a.mov(RSP, R10);
  }

  /** Gives the stack back. */
  void end() {
    a.mov(RSP, RBX);
    a.pop(RBX);
  }

  Mem of(int row, int half) {
    return Mem.at(RSP, Avx2Format.HALF * (HALVES * row + half));
  }

  /** Room for a register that is none of the sums. */
  Mem other() {
    return of(rows, 0);
  }

  /** Sets all to zero. */
  void clear(Ymm temporary) {
    a.zero(temporary);
    for (int row = 0; row < rows; row++) {
      for (int half = 0; half < HALVES; half++) {
        a.vmovups(of(row, half), temporary);
      }
    }
  }
}
