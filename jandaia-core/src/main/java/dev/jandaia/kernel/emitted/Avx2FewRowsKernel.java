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
import static dev.jandaia.machinecode.Gpr.RSP;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Ymm;

/**
 * Scalar twin: {@code ScalarWeight} on activations that {@link RoundedRow} has rounded. One or two
 * rows of activations times all columns of packed weights: decoding, bound by reading the weights
 * once.
 *
 * <p>rdi = packed blocks, rsi = activations, rdx = results, rcx = groups of sixteen weight rows, r8
 * = blocks per row, r9 = bytes from one row of results to the next. In two places: r9 = packed
 * blocks of as many other groups, whose results follow those of the first ones.
 */
final class Avx2FewRowsKernel {
  /** The most rows of activations: each needs four registers. */
  static final int MOST_ROWS = 2;

  private static final Ymm OTHER = new Ymm(4);

  private final Avx2Assembler a = new Avx2Assembler();
  private final Avx2Format format;
  private final int rows;
  private final int places;
  private final int rowBytes;
  private final Avx2BlockProducts products;

  private Avx2FewRowsKernel(Avx2Format format, int rows, int places) {
    this.format = format;
    this.rows = rows;
    this.places = places;
    rowBytes = Activations.bytes(format.columns());
    products =
        switch (format) {
          case Avx2RunFormat runs -> new Avx2RunProducts(a, runs, rows);
          case Avx2SuperFormat blocks -> new Avx2SuperProducts(a, blocks, rows);
        };
  }

  static NativeCode of(Avx2Format format, int rows) {
    return new Avx2FewRowsKernel(format, rows, 1).assemble();
  }

  /**
   * One row of activations times weights that are read in two places at once: processors that fetch
   * ahead by themselves do so for each, which together is faster.
   */
  static NativeCode inTwoPlaces(Avx2Format format) {
    return new Avx2FewRowsKernel(format, 1, 2).assemble();
  }

  private NativeCode assemble() {
    boolean inTurns = places == 2 && format instanceof Avx2SuperFormat;
    if (inTurns) {
      a.push(RBX);
      a.push(R12);
    }
    a.sub(RSP, products.stackBytes());
    products.constants();
    // To the other row of activations, or to the other place's results.
    if (places == 1) {
      a.imul(R10, R8, rowBytes);
    } else {
      a.imul(R10, RCX, 2 * Avx2Format.HALF);
    }
    Label group = a.label();
    forEach((row, place, half) -> {
      Ymm sum = sum(row, place, half);
      a.vpxor(sum, sum, sum);
    });
    a.mov(RAX, RSI);
    a.mov(R11, R8);
    if (inTurns) {
      multiplyInTurns();
    } else {
      multiply();
    }
    forEach((row, place, half) -> a.vmovups(result(row, place, half), sum(row, place, half)));
    a.add(RDX, 2 * Avx2Format.HALF);
    a.sub(RCX, 1);
    a.jump(NOT_ZERO, group);
    a.add(RSP, products.stackBytes());
    if (inTurns) {
      a.pop(R12);
      a.pop(RBX);
    }
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private void multiply() {
    Label block = a.label();
    for (int place = 0; place < places; place++) {
      multiplyBlock(place);
    }
    a.add(RAX, rowBytes);
    a.sub(R11, 1);
    a.jump(NOT_ZERO, block);
  }

  private void multiplyBlock(int place) {
    products.add(packed(place), (row, half) -> sum(row, place, half));
    a.add(packed(place), format.bytes);
  }

  /**
   * The same code for both places, which change roles after each block: the code for a block of 256
   * columns is so long that twice as much would not fit where processors keep decoded instructions.
   */
  private void multiplyInTurns() {
    a.mov32(RBX, 0);
    a.mov32(R12, rowBytes);
    a.add(R11, R8);
    Label block = a.label();
    multiplyBlock(0);
    a.xchg(packed(0), packed(1));
    for (int half = 0; half < 2; half++) {
      a.vmovups(OTHER, sum(0, 0, half));
      a.vmovups(sum(0, 0, half), sum(0, 1, half));
      a.vmovups(sum(0, 1, half), OTHER);
    }
    a.add(RAX, RBX); // every second time
    a.xchg(RBX, R12);
    a.sub(R11, 1);
    a.jump(NOT_ZERO, block);
  }

  /** Four bytes of the block of a row of activations that belongs to the packed block. */
  static Mem activation(int row, int displacement) {
    return row == 0 ? Mem.at(RAX, displacement) : Mem.at(RAX, R10, row, displacement);
  }

  private static Gpr packed(int place) {
    return place == 0 ? RDI : R9;
  }

  private static Mem result(int row, int place, int half) {
    int at = Avx2Format.HALF * half;
    if (place == 1) {
      return Mem.at(RDX, R10, 1, at);
    }
    return row == 0 ? Mem.at(RDX, at) : Mem.at(RDX, R9, row, at);
  }

  private static Ymm sum(int row, int place, int half) {
    return new Ymm(2 * (row + place) + half);
  }

  private interface Cell {
    void write(int row, int place, int half);
  }

  private void forEach(Cell cell) {
    for (int row = 0; row < rows; row++) {
      for (int place = 0; place < places; place++) {
        cell.write(row, place, 0);
        cell.write(row, place, 1);
      }
    }
  }
}
