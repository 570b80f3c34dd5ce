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
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Ymm;
import java.util.Optional;

/**
 * Scalar twin: {@code ScalarWeight} on activations that {@link RoundedRow} has rounded. Computes,
 * or adds to, up to three or six rows of results, sixteen columns wide, of weights whose codes are
 * unsigned: prefill, bound by arithmetic. Products are summed as 16-bit numbers as long as they
 * fit, then as integers of a run of columns, then as floats. The scale of the activations is
 * multiplied once for all columns that share it.
 *
 * <p>rdi = panel, rsi = activations, rdx = results, rcx = bytes from one row of activations to the
 * next, r8 = how many times the columns that share a scale of activations, r9 = bytes from one row
 * of results to the next.
 */
final class Avx2TileKernel {
  private static final int HALVES = 2;
  private static final Gpr[] ACTIVATIONS = {RSI, R11};
  private static final Gpr[] RESULTS = {RDX, RAX};
  private static final Ymm[] CODES = {new Ymm(12), new Ymm(13)};
  private static final Ymm ACTIVATION = new Ymm(14);
  private static final Ymm PRODUCT = new Ymm(15);

  private final Avx2Assembler a = new Avx2Assembler();
  private final Avx2Format format;
  private final RunShape shape;
  private final int rows;
  private final Avx2StackSums sums;

  private Avx2TileKernel(Avx2Format format, int rows) {
    this.format = format;
    this.shape = format.shape;
    this.rows = rows;
    this.sums = new Avx2StackSums(a, rows);
  }

  /** The rows of a tile: where runs are longer than 16 bits last, sums take more registers. */
  static int rows(Avx2Format format) {
    return widens(format) ? 3 : 6;
  }

  /** Whether 16 bits do not last for a run. */
  private static boolean widens(Avx2Format format) {
    return 4 * format.codes.together() < format.shape.columns();
  }

  static NativeCode of(Avx2Format format, int rows, Onto onto) {
    return new Avx2TileKernel(format, rows).assemble(onto);
  }

  private NativeCode assemble(Onto onto) {
    sums.begin();
    a.constant(PRODUCT, 0x00010001);
    a.vmovups(ones(), PRODUCT);
    Activations.pointers(a, RSI, ACTIVATIONS, RCX);
    Activations.pointers(a, RDX, RESULTS, R9);
    if (format.columns() == Activations.COLUMNS) {
      multiplyBlocks(onto);
    } else {
      multiplySuperBlocks(onto);
    }
    sums.end();
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** Every block has its scale of activations. */
  private void multiplyBlocks(Onto onto) {
    sums.clear(PRODUCT);
    Label block = a.label();
    multiplyRun(0);
    addScaled();
    a.add(RDI, shape.panelBytes());
    advance();
    a.sub(R8, 1);
    a.jump(NOT_ZERO, block);
    forEach((row, half) -> {
      a.vmovups(PRODUCT, sums.of(row, half));
      if (onto == Onto.RESULTS) {
        a.vaddps(PRODUCT, PRODUCT, result(row, half));
      }
      a.vmovups(result(row, half), PRODUCT);
    });
  }

  /** Blocks of 32 columns share a scale: sums are multiplied by it and added to the results. */
  private void multiplySuperBlocks(Onto onto) {
    if (onto == Onto.ZERO) {
      a.vpxor(PRODUCT, PRODUCT, PRODUCT);
      forEach((row, half) -> a.vmovups(result(row, half), PRODUCT));
    }
    Label shared = a.label();
    sums.clear(PRODUCT);
    a.mov32(R10, format.columns() / Activations.COLUMNS);
    Label block = a.label();
    for (int run = 0; run < shape.runs(); run++) {
      multiplyRun(run);
      end(run);
    }
    a.add(RDI, shape.runs() * shape.panelBytes());
    advance();
    a.sub(R10, 1);
    a.jump(NOT_ZERO, block);
    addToResults();
    a.sub(R8, 1);
    a.jump(NOT_ZERO, shared);
  }

  private void advance() {
    for (Gpr pointer : ACTIVATIONS) {
      a.add(pointer, Activations.BYTES);
    }
  }

  /** Ones of 16 bits. */
  private Mem ones() {
    return sums.other();
  }

  /** Sums of a run, integers. */
  private static Ymm inRun(int row, int half) {
    return new Ymm(HALVES * row + half);
  }

  /** Sums of 16 bits: the same register if they last for a run. */
  private Ymm shorts(int row, int half) {
    return inRun(widens(format) ? rows(format) + row : row, half);
  }

  private static Mem activation(int row, int displacement) {
    return Activations.row(ACTIVATIONS, RCX, row, displacement);
  }

  private static Mem result(int row, int half) {
    return Activations.row(RESULTS, R9, row, Avx2Format.HALF * half);
  }

  private Mem panel(int run, int half, int displacement) {
    return Mem.at(RDI, run * shape.panelBytes() + displacement + Avx2Format.HALF * half);
  }

  /** {@link #inRun} = the integer products of a run of the block. */
  private void multiplyRun(int run) {
    int column = run * shape.columns();
    for (int k = 0; k < shape.columns() / 4; k++) {
      multiply(run, column, k);
    }
    Optional<Field> correction = shape.correction(column);
    for (int row = 0; row < rows && correction.isPresent(); row++) {
      a.vpbroadcastd(ACTIVATION, activation(row, correction.get().at()));
      for (int half = 0; half < HALVES; half++) {
        a.vpaddd(inRun(row, half), inRun(row, half), ACTIVATION);
      }
    }
  }

  /** {@link #shorts} += the products of four columns. */
  private void multiply(int run, int column, int k) {
    int together = format.codes.together();
    for (int half = 0; half < HALVES; half++) {
      a.vmovdqu(CODES[half], panel(run, half, 64 * k));
    }
    for (int row = 0; row < rows; row++) {
      a.vpbroadcastd(ACTIVATION, activation(row, Activations.at(column + 4 * k)));
      if (k % together == 0) {
        a.vpmaddubsw(shorts(row, 0), CODES[0], ACTIVATION);
        a.vpmaddubsw(shorts(row, 1), CODES[1], ACTIVATION);
      } else {
        a.vpmaddubsw(PRODUCT, CODES[0], ACTIVATION);
        a.vpmaddubsw(ACTIVATION, CODES[1], ACTIVATION);
        a.vpaddw(shorts(row, 0), shorts(row, 0), PRODUCT);
        a.vpaddw(shorts(row, 1), shorts(row, 1), ACTIVATION);
      }
    }
    if (k % together == together - 1) {
      forEach((row, half) -> widen(shorts(row, half), inRun(row, half), k < together));
    }
  }

  private void widen(Ymm shorts, Ymm inRun, boolean first) {
    a.vpmaddwd(first ? inRun : shorts, shorts, ones());
    if (!first) {
      a.vpaddd(inRun, inRun, shorts);
    }
  }

  /** sums += the integers of a block, times the scales of the activations and of the weights. */
  private void addScaled() {
    loadScales(0);
    for (int row = 0; row < rows; row++) {
      a.vbroadcastss(ACTIVATION, activation(row, Field.SCALE.at()));
      for (int half = 0; half < HALVES; half++) {
        Ymm inRun = inRun(row, half);
        a.vcvtdq2ps(inRun, inRun);
        a.vmulps(inRun, inRun, ACTIVATION);
        a.vfmadd213ps(inRun, CODES[half], sums.of(row, half));
        a.vmovups(sums.of(row, half), inRun);
      }
    }
  }

  /** sums += the integers of a run, times the scales of the weights, without the minima. */
  private void end(int run) {
    loadScales(run);
    for (int row = 0; row < rows; row++) {
      if (shape.minimum()) {
        a.vbroadcastss(ACTIVATION, activation(row, Field.SUM.at()));
      }
      for (int half = 0; half < HALVES; half++) {
        Ymm inRun = inRun(row, half);
        a.vcvtdq2ps(inRun, inRun);
        a.vfmadd213ps(inRun, CODES[half], sums.of(row, half));
        if (shape.minimum()) {
          a.vfnmadd231ps(inRun, ACTIVATION, panel(run, half, shape.minimaAt()));
        }
        a.vmovups(sums.of(row, half), inRun);
      }
    }
  }

  /** The scales of the weights of a run, in place of its codes. */
  private void loadScales(int run) {
    for (int half = 0; half < HALVES; half++) {
      a.vmovups(CODES[half], panel(run, half, shape.scalesAt()));
    }
  }

  /** The sums, times the scales of the activations. */
  private void addToResults() {
    int behind = Field.SCALE.at() - Activations.BYTES;
    for (int row = 0; row < rows; row++) {
      a.vbroadcastss(ACTIVATION, activation(row, behind));
      for (int half = 0; half < HALVES; half++) {
        a.vmovups(PRODUCT, sums.of(row, half));
        a.vfmadd213ps(PRODUCT, ACTIVATION, result(row, half));
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
