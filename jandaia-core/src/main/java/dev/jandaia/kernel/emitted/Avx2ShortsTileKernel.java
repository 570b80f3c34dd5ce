package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.Avx2TileLoop.HALVES;
import static dev.jandaia.kernel.emitted.Avx2TileLoop.PANEL;
import static dev.jandaia.kernel.emitted.Avx2TileLoop.PARTS;
import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Ymm;

/**
 * Scalar twin: {@code ScalarWeight} on activations that {@link RoundedRow} has rounded to {@link
 * ShortActivations}. Computes, or adds to, up to six rows of results, sixteen columns wide, of
 * weights whose codes are signed: prefill, bound by arithmetic. Two signed bytes multiply to
 * fifteen bits, so that as bytes every product would need its sign apart and its own widening; as
 * shorts two instructions do, and the activations keep more of themselves.
 *
 * <p>Arguments as of {@link Avx2TileLoop}; the parts of a panel are runs of 32 columns.
 */
final class Avx2ShortsTileKernel {
  /** Rows of activations in a tile. */
  static final int ROWS = 6;

  private static final Ymm[] WEIGHTS = {new Ymm(12), new Ymm(13)};
  private static final Ymm ACTIVATION = new Ymm(14);
  private static final Ymm PRODUCT = new Ymm(15);

  private final Avx2Assembler a = new Avx2Assembler();
  private final RunShape shape;
  private final int rows;
  private final Avx2StackSums sums;
  private final Avx2TileLoop tiles;

  private Avx2ShortsTileKernel(RunShape shape, int rows) {
    this.shape = shape;
    this.rows = rows;
    this.sums = new Avx2StackSums(a, rows);
    this.tiles = new Avx2TileLoop(a, rows);
  }

  static NativeCode of(RunShape shape, int rows, Onto onto) {
    return new Avx2ShortsTileKernel(shape, rows).assemble(onto);
  }

  private NativeCode assemble(Onto onto) {
    return tiles.assemble(sums::begin, () -> tile(onto), sums::end);
  }

  private void tile(Onto onto) {
    sums.clear(PRODUCT);
    Label run = a.label();
    for (int k = 0; k < shape.columns() / 2; k++) {
      addProducts(k);
    }
    addScaled();
    a.add(PANEL, shape.panelBytes());
    tiles.advance(2 * shape.columns());
    a.sub(PARTS, 1);
    a.jump(NOT_ZERO, run);
    addToResults(onto);
  }

  /** inRun = the products of two columns, or more. */
  private void addProducts(int k) {
    for (int half = 0; half < HALVES; half++) {
      a.vmovdqu(WEIGHTS[half], panel(half, 2 * Avx2Format.HALF * k));
    }
    for (int row = 0; row < rows; row++) {
      int at = ShortActivations.CODES + 4 * k;
      a.vpbroadcastd(ACTIVATION, tiles.activation(row, at));
      if (k == 0) {
        a.vpmaddwd(inRun(row, 0), WEIGHTS[0], ACTIVATION);
        a.vpmaddwd(inRun(row, 1), WEIGHTS[1], ACTIVATION);
      } else {
        // Products first, then sums: adders that are free then leave the multipliers alone.
        a.vpmaddwd(PRODUCT, WEIGHTS[0], ACTIVATION);
        a.vpmaddwd(ACTIVATION, WEIGHTS[1], ACTIVATION);
        a.vpaddd(inRun(row, 0), inRun(row, 0), PRODUCT);
        a.vpaddd(inRun(row, 1), inRun(row, 1), ACTIVATION);
      }
    }
  }

  /** sums += the integers of a run, times the scales of the weights. */
  private void addScaled() {
    for (int half = 0; half < HALVES; half++) {
      a.vmovups(WEIGHTS[half], panel(half, shape.scalesAt()));
    }
    for (int row = 0; row < rows; row++) {
      for (int half = 0; half < HALVES; half++) {
        Ymm inRun = inRun(row, half);
        a.vcvtdq2ps(inRun, inRun);
        a.vfmadd213ps(inRun, WEIGHTS[half], sums.of(row, half));
        a.vmovups(sums.of(row, half), inRun);
      }
    }
  }

  /** The sums, times the scales of the activations. */
  private void addToResults(Onto onto) {
    tiles.rewind();
    for (int row = 0; row < rows; row++) {
      a.vbroadcastss(ACTIVATION, tiles.activation(row, ShortActivations.SCALE));
      for (int half = 0; half < HALVES; half++) {
        Mem result = tiles.result(row, half);
        if (onto == Onto.ZERO) {
          a.vmulps(PRODUCT, ACTIVATION, sums.of(row, half));
        } else {
          a.vmovups(PRODUCT, sums.of(row, half));
          a.vfmadd213ps(PRODUCT, ACTIVATION, result);
        }
        a.vmovups(result, PRODUCT);
      }
    }
  }

  private Mem panel(int half, int displacement) {
    return Mem.at(PANEL, displacement + Avx2Format.HALF * half);
  }

  /** Sums of a run, integers. */
  private static Ymm inRun(int row, int half) {
    return new Ymm(HALVES * row + half);
  }
}
