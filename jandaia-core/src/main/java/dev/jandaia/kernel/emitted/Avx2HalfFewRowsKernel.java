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
 * = blocks per row, r9 = bytes from one row of results to the next. In two places: r9 = packed
 * blocks of as many other groups, whose results follow those of the first ones.
 */
final class Avx2HalfFewRowsKernel {
  /** The most rows of activations: each needs four registers. */
  static final int MOST_ROWS = 2;

  private static final Ymm ACTIVATION = new Ymm(10);

  private final Avx2Assembler a = new Avx2Assembler();
  private final Avx2HalfFormat format;
  private final int rows;
  private final int places;

  private Avx2HalfFewRowsKernel(Avx2HalfFormat format, int rows, int places) {
    this.format = format;
    this.rows = rows;
    this.places = places;
  }

  static NativeCode of(Avx2HalfFormat format, int rows) {
    return new Avx2HalfFewRowsKernel(format, rows, 1).assemble();
  }

  /** As {@link Avx2FewRowsKernel#inTwoPlaces}. */
  static NativeCode inTwoPlaces(Avx2HalfFormat format) {
    return new Avx2HalfFewRowsKernel(format, 1, 2).assemble();
  }

  private NativeCode assemble() {
    format.constants(a);
    // To the other row of activations, or to the other place's results.
    if (places == 1) {
      a.imul(R10, R8, Avx2HalfFormat.ACTIVATION_BYTES);
    } else {
      a.imul(R10, RCX, 2 * Avx2Format.HALF);
    }
    Label group = a.label();
    for (int sum = 0; sum < 4 * rows * places; sum++) {
      a.vpxor(new Ymm(sum), new Ymm(sum), new Ymm(sum));
    }
    a.mov(RAX, RSI);
    a.mov(R11, R8);
    Label block = a.label();
    for (int place = 0; place < places; place++) {
      multiply(place);
    }
    a.add(RAX, Avx2HalfFormat.ACTIVATION_BYTES);
    a.sub(R11, 1);
    a.jump(NOT_ZERO, block);
    for (int row = 0; row < rows; row++) {
      for (int place = 0; place < places; place++) {
        for (int half = 0; half < 2; half++) {
          Ymm sum = sum(row, place, half, 0);
          a.vaddps(sum, sum, sum(row, place, half, 1));
          a.vmovups(result(row, place, half), sum);
        }
      }
    }
    a.add(RDX, 2 * Avx2Format.HALF);
    a.sub(RCX, 1);
    a.jump(NOT_ZERO, group);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private void multiply(int place) {
    format.unpack(
        a, packed(place), (column, half, weights) -> addProducts(place, half, column, weights));
    a.add(packed(place), Avx2HalfFormat.BYTES);
  }

  private void addProducts(int place, int half, int column, Ymm weights) {
    int part = 2 * column + half;
    Ahead.prefetchNear(a, packed(place), Avx2HalfFormat.BYTES, part, 2 * Avx2HalfFormat.COLUMNS);
    for (int row = 0; row < rows; row++) {
      a.vbroadcastss(ACTIVATION, at(RAX, R10, row, 4 * column));
      // Two sums a row and half: one would wait for the latency of each product.
      a.vfmadd231ps(sum(row, place, half, column % 2), weights, ACTIVATION);
    }
  }

  private static Gpr packed(int place) {
    return place == 0 ? RDI : R9;
  }

  private static Mem result(int row, int place, int half) {
    int at = Avx2Format.HALF * half;
    return place == 1 ? Mem.at(RDX, R10, 1, at) : at(RDX, R9, row, at);
  }

  private static Mem at(Gpr first, Gpr stride, int row, int displacement) {
    return row == 0 ? Mem.at(first, displacement) : Mem.at(first, stride, row, displacement);
  }

  private static Ymm sum(int row, int place, int half, int odd) {
    return new Ymm(4 * (row + place) + 2 * half + odd);
  }
}
