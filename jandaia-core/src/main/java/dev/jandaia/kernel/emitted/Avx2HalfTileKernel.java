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
 * Scalar twin: {@code ScalarWeight}. Computes, or adds to, up to six rows of results, sixteen
 * columns wide: the products of as many rows of activations with a panel of floats.
 *
 * <p>rdi = panel, rsi = activations, rdx = results, rcx = bytes from one row of activations to the
 * next, r8 = blocks of 32 columns, r9 = bytes from one row of results to the next.
 */
final class Avx2HalfTileKernel {
  /** Rows of activations in a tile. */
  static final int ROWS = 6;

  /** Columns between two jumps. */
  private static final int TOGETHER = 8;

  private static final int HALVES = 2;
  private static final Gpr[] ACTIVATIONS = {RSI, R11};
  private static final Gpr[] RESULTS = {RDX, RAX};
  private static final Ymm[] WEIGHTS = {new Ymm(12), new Ymm(13)};
  private static final Ymm ACTIVATION = new Ymm(14);

  private final Avx2Assembler a = new Avx2Assembler();
  private final int rows;

  private Avx2HalfTileKernel(int rows) {
    this.rows = rows;
  }

  static NativeCode of(int rows, Onto onto) {
    return new Avx2HalfTileKernel(rows).assemble(onto);
  }

  private NativeCode assemble(Onto onto) {
    Activations.pointers(a, RSI, ACTIVATIONS, RCX);
    Activations.pointers(a, RDX, RESULTS, R9);
    forEach((row, half) -> begin(onto, row, half));
    a.imul(R10, R8, Avx2HalfFormat.COLUMNS / TOGETHER);
    Label again = a.label();
    for (int column = 0; column < TOGETHER; column++) {
      addProducts(column);
    }
    a.add(RDI, TOGETHER * HALVES * Avx2Format.HALF);
    for (Gpr pointer : ACTIVATIONS) {
      a.add(pointer, 4 * TOGETHER);
    }
    a.sub(R10, 1);
    a.jump(NOT_ZERO, again);
    forEach((row, half) -> a.vmovups(result(row, half), sum(row, half)));
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private void begin(Onto onto, int row, int half) {
    Ymm sum = sum(row, half);
    if (onto == Onto.ZERO) {
      a.vpxor(sum, sum, sum);
    } else {
      a.vmovups(sum, result(row, half));
    }
  }

  private void addProducts(int column) {
    for (int half = 0; half < HALVES; half++) {
      a.vmovups(WEIGHTS[half], Mem.at(RDI, (HALVES * column + half) * Avx2Format.HALF));
    }
    for (int row = 0; row < rows; row++) {
      a.vbroadcastss(ACTIVATION, Activations.row(ACTIVATIONS, RCX, row, 4 * column));
      for (int half = 0; half < HALVES; half++) {
        a.vfmadd231ps(sum(row, half), WEIGHTS[half], ACTIVATION);
      }
    }
  }

  private static Mem result(int row, int half) {
    return Activations.row(RESULTS, R9, row, Avx2Format.HALF * half);
  }

  private static Ymm sum(int row, int half) {
    return new Ymm(HALVES * row + half);
  }

  private interface Cell {
    void write(int row, int half);
  }

  private void forEach(Cell cell) {
    for (int row = 0; row < rows; row++) {
      for (int half = 0; half < HALVES; half++) {
        cell.write(row, half);
      }
    }
  }
}
