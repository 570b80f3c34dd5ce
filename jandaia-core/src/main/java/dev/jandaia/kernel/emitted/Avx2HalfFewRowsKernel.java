package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Ymm;

/**
 * Scalar twin: {@code ScalarWeight}. One or two rows of activations times packed weights of sixteen
 * bits: decoding.
 *
 * <p>rdi = packed blocks, rsi = activations, rdx = results, rcx = groups of sixteen weight rows, r8
 * = blocks per row, r9 = bytes from one row of results to the next.
 */
final class Avx2HalfFewRowsKernel {
  /** The most rows of activations: each needs four registers. */
  static final int MOST_ROWS = 2;

  private static final Ymm ACTIVATION = new Ymm(10);

  private final Avx2Assembler a = new Avx2Assembler();
  private final Avx2HalfFormat format;
  private final int rows;

  private Avx2HalfFewRowsKernel(Avx2HalfFormat format, int rows) {
    this.format = format;
    this.rows = rows;
  }

  static NativeCode of(Avx2HalfFormat format, int rows) {
    return new Avx2HalfFewRowsKernel(format, rows).assemble();
  }

  private NativeCode assemble() {
    format.constants(a);
    a.imul(R10, R8, Avx2HalfFormat.ACTIVATION_BYTES);
    Label group = a.label();
    for (int sum = 0; sum < 4 * rows; sum++) {
      a.vpxor(new Ymm(sum), new Ymm(sum), new Ymm(sum));
    }
    a.mov(RAX, RSI);
    a.mov(R11, R8);
    Label block = a.label();
    for (int half = 0; half < 2; half++) {
      int which = half;
      format.unpack(a, RDI, half, (column, weights) -> addProducts(which, column, weights));
    }
    a.add(RDI, Avx2HalfFormat.BYTES);
    a.add(RAX, Avx2HalfFormat.ACTIVATION_BYTES);
    a.sub(R11, 1);
    a.jump(NOT_ZERO, block);
    for (int row = 0; row < rows; row++) {
      for (int half = 0; half < 2; half++) {
        Ymm sum = sum(row, half, 0);
        a.vaddps(sum, sum, sum(row, half, 1));
        a.vmovups(at(RDX, R9, row, Avx2Format.HALF * half), sum);
      }
    }
    a.add(RDX, 2 * Avx2Format.HALF);
    a.sub(RCX, 1);
    a.jump(NOT_ZERO, group);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private void addProducts(int half, int column, Ymm weights) {
    int part = half * Avx2HalfFormat.COLUMNS + column;
    Ahead.prefetch(a, RDI, Avx2HalfFormat.BYTES, part, 2 * Avx2HalfFormat.COLUMNS);
    for (int row = 0; row < rows; row++) {
      a.vbroadcastss(ACTIVATION, at(RAX, R10, row, 4 * column));
      // Two sums a row and half: one would wait for the latency of each product.
      a.vfmadd231ps(sum(row, half, column % 2), weights, ACTIVATION);
    }
  }

  private static Mem at(Gpr first, Gpr stride, int row, int displacement) {
    return row == 0 ? Mem.at(first, displacement) : Mem.at(first, stride, row, displacement);
  }

  private static Ymm sum(int row, int half, int odd) {
    return new Ymm(4 * row + 2 * half + odd);
  }
}
