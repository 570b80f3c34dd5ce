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

import dev.jandaia.kernel.emitted.Activations.Field;
import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Ymm;
import java.util.Optional;

/**
 * Scalar twin: {@code ScalarWeight} on activations that {@link RoundedRow} has rounded. One or two
 * rows of activations times all columns of packed weights: decoding, bound by reading the weights
 * once.
 *
 * <p>rdi = packed blocks, rsi = activations, rdx = results, rcx = groups of sixteen weight rows, r8
 * = blocks per row, r9 = bytes from one row of results to the next.
 */
final class Avx2FewRowsKernel {
  /** The most rows of activations: each needs four registers. */
  static final int MOST_ROWS = 2;

  private static final Ymm ACTIVATION = new Ymm(8);
  private static final Ymm MAGNITUDES = new Ymm(9);
  private static final Ymm ONES = new Ymm(10);

  private final Avx2Assembler a = new Avx2Assembler();
  private final Avx2Format format;
  private final int rows;

  private Avx2FewRowsKernel(Avx2Format format, int rows) {
    this.format = format;
    this.rows = rows;
  }

  static NativeCode of(Avx2Format format, int rows) {
    return new Avx2FewRowsKernel(format, rows).assemble();
  }

  private NativeCode assemble() {
    format.constants(a);
    Avx2Format.constant(a, ONES, 0x00010001);
    int rowBytes = Activations.bytes(format.columns());
    a.imul(R10, R8, rowBytes);
    Label group = a.label();
    for (int sum = 0; sum < 2 * rows; sum++) {
      a.vpxor(new Ymm(sum), new Ymm(sum), new Ymm(sum));
    }
    a.mov(RAX, RSI);
    a.mov(R11, R8);
    Label block = a.label();
    for (int half = 0; half < 2; half++) {
      format.unpack(a, RDI, half, new Products(half));
    }
    a.add(RDI, format.bytes);
    a.add(RAX, rowBytes);
    a.sub(R11, 1);
    a.jump(NOT_ZERO, block);
    for (int row = 0; row < rows; row++) {
      for (int half = 0; half < 2; half++) {
        int at = Avx2Format.HALF * half;
        a.vmovups(row == 0 ? Mem.at(RDX, at) : Mem.at(RDX, R9, row, at), sum(row, half));
      }
    }
    a.add(RDX, 2 * Avx2Format.HALF);
    a.sub(RCX, 1);
    a.jump(NOT_ZERO, group);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private static Ymm sum(int row, int half) {
    return new Ymm(2 * row + half);
  }

  /** Multiplies what is unpacked with every row of activations. */
  private final class Products implements Avx2Format.Receiver {
    private final int half;
    private int column;

    /** Registers of products that {@link #shorts} has so far. */
    private int added;

    Products(int half) {
      this.half = half;
    }

    /** Pairs of products, 16 bits each. */
    private static Ymm shorts(int row) {
      return new Ymm(4 + row);
    }

    /** Products of a run. */
    private static Ymm inRun(int row) {
      return new Ymm(6 + row);
    }

    private static Mem activation(int row, int displacement) {
      return row == 0 ? Mem.at(RAX, displacement) : Mem.at(RAX, R10, row, displacement);
    }

    @Override
    public void begin(int first) {
      column = first;
      int runs = format.columns() / format.shape.columns();
      int part = half * runs + first / format.shape.columns();
      Ahead.prefetch(a, RDI, format.bytes, part, 2 * runs);
      Optional<Field> correction = format.shape.correction(first);
      for (int row = 0; row < rows; row++) {
        if (correction.isPresent()) {
          a.vpbroadcastd(inRun(row), activation(row, Activations.at(first, correction.get())));
        } else {
          a.vpxor(inRun(row), inRun(row), inRun(row));
        }
      }
    }

    @Override
    public void codes(int k, Ymm codes) {
      boolean signed = format.codes == Avx2Codes.SIGNED;
      if (signed) {
        a.vpabsb(MAGNITUDES, codes);
      }
      for (int row = 0; row < rows; row++) {
        a.vpbroadcastd(ACTIVATION, activation(row, Activations.at(column + 4 * k)));
        if (signed) {
          a.vpsignb(ACTIVATION, ACTIVATION, codes);
        }
        add(row, signed ? MAGNITUDES : codes);
      }
      added = (added + 1) % format.codes.together();
    }

    /** The products of {@code unsigned} bytes and {@link #ACTIVATION}. */
    private void add(int row, Ymm unsigned) {
      Ymm shorts = shorts(row);
      if (added == 0) {
        a.vpmaddubsw(shorts, unsigned, ACTIVATION);
      } else {
        a.vpmaddubsw(ACTIVATION, unsigned, ACTIVATION);
        a.vpaddw(shorts, shorts, ACTIVATION);
      }
      if (added + 1 == format.codes.together()) {
        a.vpmaddwd(shorts, shorts, ONES);
        a.vpaddd(inRun(row), inRun(row), shorts);
      }
    }

    @Override
    public void end(Ymm scales, Optional<Ymm> minima) {
      int scale = Activations.at(column, Field.SCALE);
      int scaledSum = Activations.at(column, Field.SCALED_SUM);
      for (int row = 0; row < rows; row++) {
        a.vcvtdq2ps(inRun(row), inRun(row));
        a.vbroadcastss(ACTIVATION, activation(row, scale));
        a.vmulps(ACTIVATION, ACTIVATION, scales);
        a.vfmadd231ps(sum(row, half), inRun(row), ACTIVATION);
        if (minima.isPresent()) {
          a.vbroadcastss(ACTIVATION, activation(row, scaledSum));
          a.vfnmadd231ps(sum(row, half), minima.get(), ACTIVATION);
        }
      }
    }
  }
}
