package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;
import static dev.jandaia.machinecode.Gpr.RSP;

import dev.jandaia.kernel.emitted.Activations.Field;
import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Ymm;
import java.util.Optional;

/**
 * Scalar twin: {@code ScalarWeight} on activations that {@link RoundedRow} has rounded. Computes,
 * or adds to, two or three rows of results, sixteen columns wide: prefill, bound by arithmetic.
 * Products are summed as 16-bit numbers as long as they fit, then as integers of a run of columns,
 * then as floats. The scale of the activations is multiplied once for all columns that share it.
 *
 * <p>rdi = panel, rsi = activations, rdx = results, rcx = bytes from one row of activations to the
 * next, r8 = how many times the columns that share a scale of activations, r9 = bytes from one row
 * of results to the next.
 */
final class Avx2TileKernel {
  private static final int HALVES = 2;
  private static final Ymm[] CODES = {new Ymm(12), new Ymm(13)};
  private static final Ymm ACTIVATION = new Ymm(14);
  private static final Ymm PRODUCT = new Ymm(15);

  /** Ones of 16 bits; below the stack, where a function that calls none may write. */
  private static final Mem ONES = Mem.at(RSP, -32);

  private final Avx2Assembler a = new Avx2Assembler();
  private final Avx2Format format;
  private final RunShape shape;
  private final int rows;

  private Avx2TileKernel(Avx2Format format, int rows) {
    this.format = format;
    this.shape = format.shape;
    this.rows = rows;
  }

  /** The rows of a tile: where runs are longer than 16 bits last, sums take more registers. */
  static int rows(Avx2Format format) {
    return widens(format) ? 2 : 3;
  }

  /** Whether 16 bits do not last for a run. */
  private static boolean widens(Avx2Format format) {
    boolean signed = format.codes == Avx2Codes.SIGNED;
    return !signed && 4 * format.codes.together() < format.shape.columns();
  }

  static NativeCode of(Avx2Format format, int rows, Onto onto) {
    return new Avx2TileKernel(format, rows).assemble(onto);
  }

  private NativeCode assemble(Onto onto) {
    a.constant(PRODUCT, 0x00010001);
    a.vmovups(ONES, PRODUCT);
    if (format.columns() == Activations.COLUMNS) {
      multiplyBlocks(onto);
    } else {
      multiplySuperBlocks(onto);
    }
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** Every block has its scale of activations: sums of all blocks stay in registers. */
  private void multiplyBlocks(Onto onto) {
    forEach((row, half) -> a.vpxor(sum(row, half), sum(row, half), sum(row, half)));
    Label block = a.label();
    multiplyRun(0);
    addScaled();
    a.add(RDI, shape.panelBytes());
    a.add(RSI, Activations.BYTES);
    a.sub(R8, 1);
    a.jump(NOT_ZERO, block);
    forEach((row, half) -> {
      if (onto == Onto.RESULTS) {
        a.vaddps(sum(row, half), sum(row, half), result(row, half));
      }
      a.vmovups(result(row, half), sum(row, half));
    });
  }

  /** Blocks of 32 columns share a scale: sums are multiplied by it and leave the registers. */
  private void multiplySuperBlocks(Onto onto) {
    if (onto == Onto.ZERO) {
      a.vpxor(PRODUCT, PRODUCT, PRODUCT);
      forEach((row, half) -> a.vmovups(result(row, half), PRODUCT));
    }
    Label shared = a.label();
    forEach((row, half) -> a.vpxor(sum(row, half), sum(row, half), sum(row, half)));
    a.mov32(RAX, format.columns() / Activations.COLUMNS);
    Label block = a.label();
    for (int run = 0; run < shape.runs(); run++) {
      multiplyRun(run);
      end(run);
    }
    a.add(RDI, shape.runs() * shape.panelBytes());
    a.add(RSI, Activations.BYTES);
    a.sub(RAX, 1);
    a.jump(NOT_ZERO, block);
    addToResults();
    a.sub(R8, 1);
    a.jump(NOT_ZERO, shared);
  }

  /** Sums of floats. */
  private Ymm sum(int row, int half) {
    return new Ymm(HALVES * row + half);
  }

  /** Sums of a run, integers. */
  private Ymm inRun(int row, int half) {
    return new Ymm(HALVES * (rows(format) + row) + half);
  }

  /** Sums of 16 bits: the same register if they last for a run. */
  private Ymm shorts(int row, int half) {
    return widens(format) ? new Ymm(HALVES * (2 * rows(format) + row) + half) : inRun(row, half);
  }

  private Mem activation(int row, int displacement) {
    return row == 0 ? Mem.at(RSI, displacement) : Mem.at(RSI, RCX, row, displacement);
  }

  private Mem result(int row, int half) {
    int at = Avx2Format.HALF * half;
    return row == 0 ? Mem.at(RDX, at) : Mem.at(RDX, R9, row, at);
  }

  private Mem panel(int run, int half, int displacement) {
    return Mem.at(RDI, run * shape.panelBytes() + displacement + Avx2Format.HALF * half);
  }

  /** {@link #inRun} = the integer products of a run of the block. */
  private void multiplyRun(int run) {
    int column = run * shape.columns();
    for (int k = 0; k < shape.columns() / 4; k++) {
      if (format.codes == Avx2Codes.SIGNED) {
        multiplySigned(run, column, k);
      } else {
        multiplyUnsigned(run, column, k);
      }
    }
    Optional<Field> correction = shape.correction(column);
    for (int row = 0; row < rows && correction.isPresent(); row++) {
      a.vpbroadcastd(ACTIVATION, activation(row, correction.get().at()));
      for (int half = 0; half < HALVES; half++) {
        a.vpaddd(inRun(row, half), inRun(row, half), ACTIVATION);
      }
    }
  }

  private void multiplySigned(int run, int column, int k) {
    for (int half = 0; half < HALVES; half++) {
      a.vpabsb(CODES[half], panel(run, half, 64 * k));
    }
    for (int row = 0; row < rows; row++) {
      a.vpbroadcastd(ACTIVATION, activation(row, Activations.at(column + 4 * k)));
      for (int half = 0; half < HALVES; half++) {
        Ymm inRun = inRun(row, half);
        a.vpsignb(PRODUCT, ACTIVATION, panel(run, half, 64 * k));
        a.vpmaddubsw(PRODUCT, CODES[half], PRODUCT);
        a.vpmaddwd(k == 0 ? inRun : PRODUCT, PRODUCT, ONES);
        if (k > 0) {
          a.vpaddd(inRun, inRun, PRODUCT);
        }
      }
    }
  }

  private void multiplyUnsigned(int run, int column, int k) {
    int together = format.codes.together();
    for (int half = 0; half < HALVES; half++) {
      a.vmovdqu(CODES[half], panel(run, half, 64 * k));
    }
    for (int row = 0; row < rows; row++) {
      a.vpbroadcastd(ACTIVATION, activation(row, Activations.at(column + 4 * k)));
      for (int half = 0; half < HALVES; half++) {
        Ymm shorts = shorts(row, half);
        if (k % together == 0) {
          a.vpmaddubsw(shorts, CODES[half], ACTIVATION);
        } else {
          a.vpmaddubsw(PRODUCT, CODES[half], ACTIVATION);
          a.vpaddw(shorts, shorts, PRODUCT);
        }
      }
    }
    if (k % together == together - 1) {
      forEach((row, half) -> widen(shorts(row, half), inRun(row, half), k < together));
    }
  }

  private void widen(Ymm shorts, Ymm inRun, boolean first) {
    a.vpmaddwd(first ? inRun : shorts, shorts, ONES);
    if (!first) {
      a.vpaddd(inRun, inRun, shorts);
    }
  }

  /** The integers of a block, times the scales of the activations and of the weights. */
  private void addScaled() {
    for (int row = 0; row < rows; row++) {
      a.vbroadcastss(ACTIVATION, activation(row, Field.SCALE.at()));
      for (int half = 0; half < HALVES; half++) {
        Ymm inRun = inRun(row, half);
        a.vcvtdq2ps(inRun, inRun);
        a.vmulps(inRun, inRun, ACTIVATION);
        a.vfmadd231ps(sum(row, half), inRun, panel(0, half, shape.scalesAt()));
      }
    }
  }

  /** The integers of a run, times the scales of the weights. */
  private void end(int run) {
    forEach((row, half) -> {
      Ymm inRun = inRun(row, half);
      a.vcvtdq2ps(inRun, inRun);
      a.vfmadd231ps(sum(row, half), inRun, panel(run, half, shape.scalesAt()));
    });
    for (int row = 0; row < rows && shape.minimum(); row++) {
      a.vbroadcastss(ACTIVATION, activation(row, Field.SUM.at()));
      for (int half = 0; half < HALVES; half++) {
        a.vfnmadd231ps(sum(row, half), ACTIVATION, panel(run, half, shape.minimaAt()));
      }
    }
  }

  /** The sums, times the scales of the activations. */
  private void addToResults() {
    int behind = Field.SCALE.at() - Activations.BYTES;
    for (int row = 0; row < rows; row++) {
      a.vbroadcastss(ACTIVATION, activation(row, behind));
      for (int half = 0; half < HALVES; half++) {
        a.vmovups(PRODUCT, result(row, half));
        a.vfmadd231ps(PRODUCT, sum(row, half), ACTIVATION);
        a.vmovups(result(row, half), PRODUCT);
      }
    }
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
