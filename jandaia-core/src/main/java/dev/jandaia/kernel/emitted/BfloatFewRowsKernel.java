package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Assembler.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R12;
import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RBX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code ScalarWeight} on activations rounded to bfloat16. One to eight rows of
 * activations times packed bfloat16 weights.
 *
 * <p>rdi = packed blocks, rsi = activations, rdx = results, rcx = groups of sixteen weight rows, r8
 * = blocks per row, r9 = bytes from one row of results to the next.
 */
final class BfloatFewRowsKernel {
  /** The most rows of activations: each needs two registers. */
  static final int MOST_ROWS = 8;

  private static final Gpr STRIDE = R10;
  private static final Gpr[] ROWS = {RAX, RBX, R12};
  private static final Zmm WEIGHTS = new Zmm(24);

  private BfloatFewRowsKernel() {}

  static NativeCode of(int rows) {
    Assembler a = new Assembler();
    a.push(RBX);
    a.push(R12);
    a.imul(STRIDE, R8, BfloatKernels.ACTIVATION_BYTES);
    Label group = a.label();
    for (int i = 0; i < rows; i++) {
      a.vpxord(even(i), even(i), even(i));
      a.vpxord(odd(i), odd(i), odd(i));
    }
    Activations.pointers(a, RSI, ROWS, STRIDE);
    a.mov(R11, R8);
    Label block = a.label();
    for (int pair = 0; pair < BfloatKernels.COLUMNS / 2; pair++) {
      a.vmovdqu32(WEIGHTS, Mem.at(RDI, 64 * pair));
      for (int i = 0; i < rows; i++) {
        // Two sums a row: one would wait for the latency of each product.
        Zmm sum = pair % 2 == 0 ? even(i) : odd(i);
        a.vdpbf16ps(sum, WEIGHTS, Activations.row(ROWS, STRIDE, i, 4 * pair).toAll());
      }
    }
    a.add(RDI, BfloatKernels.BLOCK_BYTES);
    for (Gpr pointer : ROWS) {
      a.add(pointer, BfloatKernels.ACTIVATION_BYTES);
    }
    a.sub(R11, 1);
    a.jump(NOT_ZERO, block);
    Activations.pointers(a, RDX, ROWS, R9);
    for (int i = 0; i < rows; i++) {
      a.vaddps(even(i), even(i), odd(i));
      a.vmovups(Activations.row(ROWS, R9, i, 0), even(i));
    }
    a.add(RDX, 64);
    a.sub(RCX, 1);
    a.jump(NOT_ZERO, group);
    a.pop(R12);
    a.pop(RBX);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private static Zmm even(int row) {
    return new Zmm(2 * row);
  }

  private static Zmm odd(int row) {
    return new Zmm(2 * row + 1);
  }
}
