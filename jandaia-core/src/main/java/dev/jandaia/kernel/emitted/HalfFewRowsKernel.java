package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
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
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code ScalarWeight}. One to eight rows of activations times packed weights of
 * sixteen bits: decoding.
 *
 * <p>rdi = packed blocks, rsi = activations, rdx = results, rcx = groups of sixteen weight rows, r8
 * = blocks per row, r9 = bytes from one row of results to the next.
 */
final class HalfFewRowsKernel {
  /** The most rows of activations: each needs two registers. */
  static final int MOST_ROWS = 8;

  private static final Gpr STRIDE = R10;
  private static final Gpr[] ROWS = {RAX, RBX, R12};

  private HalfFewRowsKernel() {}

  static NativeCode of(HalfFormat format, int rows) {
    Assembler a = new Assembler();
    a.push(RBX);
    a.push(R12);
    format.constants(a);
    a.imul(STRIDE, R8, format.activationBytes());
    Label group = a.label();
    for (int i = 0; i < rows; i++) {
      a.vpxord(even(i), even(i), even(i));
      a.vpxord(odd(i), odd(i), odd(i));
    }
    Activations.pointers(a, RSI, ROWS, STRIDE);
    a.mov(R11, R8);
    Label block = a.label();
    format.unpack(a, RDI, (step, weights) -> addProducts(a, format, rows, step, weights));
    a.add(RDI, HalfFormat.BYTES);
    for (Gpr pointer : ROWS) {
      a.add(pointer, format.activationBytes());
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

  private static void addProducts(Assembler a, HalfFormat format, int rows, int step, Zmm weights) {
    Ahead.prefetch(a, RDI, HalfFormat.BYTES, step, format.steps);
    for (int i = 0; i < rows; i++) {
      // Two sums a row: one would wait for the latency of each product.
      Zmm sum = step % 2 == 0 ? even(i) : odd(i);
      format.addProduct(a, sum, weights, Activations.row(ROWS, STRIDE, i, 4 * step).toAll());
    }
  }

  private static Zmm even(int row) {
    return new Zmm(2 * row);
  }

  private static Zmm odd(int row) {
    return new Zmm(2 * row + 1);
  }
}
