package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.Avx2TileLoop.COUNTER;
import static dev.jandaia.kernel.emitted.Avx2TileLoop.HALVES;
import static dev.jandaia.kernel.emitted.Avx2TileLoop.PANEL;
import static dev.jandaia.kernel.emitted.Avx2TileLoop.PARTS;
import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.kernel.emitted.Activations.Field;
import dev.jandaia.machinecode.Avx2Assembler;
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
 * <p>Arguments as of {@link Avx2TileLoop}; the parts of a panel are columns that share a scale of
 * activations.
 */
final class Avx2TileKernel {
  private static final Ymm[] CODES = {new Ymm(12), new Ymm(13)};
  private static final Ymm ACTIVATION = new Ymm(14);
  private static final Ymm PRODUCT = new Ymm(15);

  private final Avx2Assembler a = new Avx2Assembler();
  private final Avx2Format format;
  private final RunShape shape;
  private final int rows;
  private final Avx2StackSums sums;
  private final Avx2TileLoop tiles;

  private Avx2TileKernel(Avx2Format format, int rows) {
    this.format = format;
    this.shape = format.shape;
    this.rows = rows;
    this.sums = new Avx2StackSums(a, rows);
    this.tiles = new Avx2TileLoop(a, rows);
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
    boolean blocks = format.columns() == Activations.COLUMNS;
    Runnable tile = blocks ? () -> multiplyBlocks(onto) : () -> multiplySuperBlocks(onto);
    return tiles.assemble(this::begin, tile, sums::end);
  }

  private void begin() {
    sums.begin();
    a.constant(PRODUCT, 0x00010001);
    a.vmovups(ones(), PRODUCT);
  }

  /** Every block has its scale of activations. */
  private void multiplyBlocks(Onto onto) {
    sums.clear(PRODUCT);
    Label block = a.label();
    multiplyRun(0);
    addScaled();
    a.add(PANEL, shape.panelBytes());
    tiles.advance(Activations.BYTES);
    a.sub(PARTS, 1);
    a.jump(NOT_ZERO, block);
    tiles.forEach((row, half) -> {
      a.vmovups(PRODUCT, sums.of(row, half));
      if (onto == Onto.RESULTS) {
        a.vaddps(PRODUCT, PRODUCT, tiles.result(row, half));
      }
      a.vmovups(tiles.result(row, half), PRODUCT);
    });
  }

  /** Blocks of 32 columns share a scale: sums are multiplied by it and added to the results. */
  private void multiplySuperBlocks(Onto onto) {
    if (onto == Onto.ZERO) {
      a.vpxor(PRODUCT, PRODUCT, PRODUCT);
      tiles.forEach((row, half) -> a.vmovups(tiles.result(row, half), PRODUCT));
    }
    Label shared = a.label();
    sums.clear(PRODUCT);
    a.mov32(COUNTER, format.columns() / Activations.COLUMNS);
    Label block = a.label();
    for (int run = 0; run < shape.runs(); run++) {
      multiplyRun(run);
      end(run);
    }
    a.add(PANEL, shape.runs() * shape.panelBytes());
    tiles.advance(Activations.BYTES);
    a.sub(COUNTER, 1);
    a.jump(NOT_ZERO, block);
    addToResults();
    a.sub(PARTS, 1);
    a.jump(NOT_ZERO, shared);
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

  private Mem panel(int run, int half, int displacement) {
    return Mem.at(PANEL, run * shape.panelBytes() + displacement + Avx2Format.HALF * half);
  }

  /** {@link #inRun} = the integer products of a run of the block. */
  private void multiplyRun(int run) {
    int column = run * shape.columns();
    for (int k = 0; k < shape.columns() / 4; k++) {
      multiply(run, column, k);
    }
    Optional<Field> correction = shape.correction(column);
    for (int row = 0; row < rows && correction.isPresent(); row++) {
      a.vpbroadcastd(ACTIVATION, tiles.activation(row, correction.get().at()));
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
      a.vpbroadcastd(ACTIVATION, tiles.activation(row, Activations.at(column + 4 * k)));
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
      tiles.forEach((row, half) -> widen(shorts(row, half), inRun(row, half), k < together));
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
      a.vbroadcastss(ACTIVATION, tiles.activation(row, Field.SCALE.at()));
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
        a.vbroadcastss(ACTIVATION, tiles.activation(row, Field.SUM.at()));
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
      a.vbroadcastss(ACTIVATION, tiles.activation(row, behind));
      for (int half = 0; half < HALVES; half++) {
        a.vmovups(PRODUCT, sums.of(row, half));
        a.vfmadd213ps(PRODUCT, ACTIVATION, tiles.result(row, half));
        a.vmovups(tiles.result(row, half), PRODUCT);
      }
    }
  }
}
