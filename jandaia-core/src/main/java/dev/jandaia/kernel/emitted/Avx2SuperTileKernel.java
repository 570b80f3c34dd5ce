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

/**
 * Scalar twin: {@code ScalarWeight} on activations that {@link RoundedRow} has rounded. Computes,
 * or adds to, up to six rows of results, sixteen columns wide, of weights whose runs are scaled by
 * integers: prefill, bound by arithmetic. Products are summed as 16-bit numbers as long as they
 * fit; the scale of their run is multiplied while they are widened, and floats are made once in 256
 * columns. Where 16 bits last for a run of 32 columns, sums of a block are touched so rarely that
 * they lie on the stack, else they are in registers, for half as many rows.
 *
 * <p>Arguments as of {@link Avx2TileLoop}; the parts of a panel are {@link Avx2SuperPanel}s.
 */
final class Avx2SuperTileKernel {
  private static final int ROWS_IN_REGISTERS = 3;

  private static final Ymm[] CODES = {new Ymm(12), new Ymm(13)};
  private static final Ymm ACTIVATION = new Ymm(14);
  private static final Ymm PRODUCT = new Ymm(15);

  private final Avx2Assembler a = new Avx2Assembler();
  private final Avx2SuperPanel panel;
  private final RunShape shape;
  private final int together;
  private final int rows;
  private final boolean onStack;
  private final Avx2StackSums sums;
  private final Avx2TileLoop tiles;

  private Avx2SuperTileKernel(Avx2SuperFormat format, int rows) {
    this.panel = new Avx2SuperPanel(format.shape);
    this.shape = format.shape;
    this.together = format.codes.together();
    this.rows = rows;
    this.onStack = onStack(format);
    this.sums = new Avx2StackSums(a, rows);
    this.tiles = new Avx2TileLoop(a, rows);
  }

  static NativeCode of(Avx2SuperFormat format, int rows, Onto onto) {
    return new Avx2SuperTileKernel(format, rows).assemble(onto);
  }

  /** The most rows of activations in a tile. */
  static int rows(Avx2SuperFormat format) {
    return onStack(format) ? 2 * ROWS_IN_REGISTERS : ROWS_IN_REGISTERS;
  }

  private static boolean onStack(Avx2SuperFormat format) {
    return 4 * format.codes.together() == Activations.COLUMNS;
  }

  private NativeCode assemble(Onto onto) {
    return onStack
        ? tiles.assemble(sums::begin, () -> tile(onto), sums::end)
        : tiles.assemble(() -> {}, () -> tile(onto), () -> {});
  }

  private void tile(Onto onto) {
    if (onto == Onto.ZERO) {
      a.zero(PRODUCT);
      tiles.forEach((row, half) -> a.vmovups(tiles.result(row, half), PRODUCT));
    }
    Label block = a.label();
    if (onStack) {
      sums.clear(PRODUCT);
    } else {
      tiles.forEach((row, half) -> a.zero(inBlock(row, half)));
    }
    a.mov32(COUNTER, Avx2SuperPanel.STEPS);
    Label step = a.label();
    for (int run = 0; run < shape.runs(); run++) {
      multiplyRun(run);
    }
    a.add(PANEL, shape.runs() * panel.runBytes());
    tiles.advance(Activations.BYTES);
    a.sub(COUNTER, 1);
    a.jump(NOT_ZERO, step);
    for (int row = 0; row < rows; row++) {
      addToResults(row);
    }
    a.add(PANEL, panel.restBytes());
    a.sub(PARTS, 1);
    a.jump(NOT_ZERO, block);
  }

  /** Pairs of products, 16 bits each. */
  private static Ymm shorts(int row, int half) {
    return new Ymm(HALVES * row + half);
  }

  /** Σ s·c·x of the block, integers; if they are on the stack, afterwards. */
  private Ymm inBlock(int row, int half) {
    return shorts(onStack ? row : ROWS_IN_REGISTERS + row, half);
  }

  private Mem panel(int half, int displacement) {
    return Mem.at(PANEL, displacement + Avx2Format.HALF * half);
  }

  /** {@link #inBlock} += the products of a run of the 32 columns. */
  private void multiplyRun(int run) {
    int start = run * panel.runBytes();
    for (int k = 0; k < shape.columns() / 4; k++) {
      for (int half = 0; half < HALVES; half++) {
        a.vmovdqu(CODES[half], panel(half, start + 64 * k));
      }
      for (int row = 0; row < rows; row++) {
        int column = run * shape.columns() + 4 * k;
        a.vpbroadcastd(ACTIVATION, tiles.activation(row, Activations.at(column)));
        multiply(row, k % together == 0);
      }
      if (k % together == together - 1) {
        tiles.forEach((row, half) -> {
          Ymm shorts = shorts(row, half);
          a.vpmaddwd(shorts, shorts, panel(half, start + panel.runScale()));
          addToBlock(row, half, shorts);
        });
      }
    }
  }

  private void addToBlock(int row, int half, Ymm integers) {
    if (onStack) {
      a.vpaddd(integers, integers, sums.of(row, half));
      a.vmovdqu(sums.of(row, half), integers);
    } else {
      a.vpaddd(inBlock(row, half), inBlock(row, half), integers);
    }
  }

  /** {@link #shorts} = or += the products of four columns. */
  private void multiply(int row, boolean first) {
    if (first) {
      a.vpmaddubsw(shorts(row, 0), CODES[0], ACTIVATION);
      a.vpmaddubsw(shorts(row, 1), CODES[1], ACTIVATION);
    } else {
      a.vpmaddubsw(PRODUCT, CODES[0], ACTIVATION);
      a.vpmaddubsw(ACTIVATION, CODES[1], ACTIVATION);
      a.vpaddw(shorts(row, 0), shorts(row, 0), PRODUCT);
      a.vpaddw(shorts(row, 1), shorts(row, 1), ACTIVATION);
    }
  }

  /** The integers of a block, and what belongs to the sums of its activations. */
  private void addToResults(int row) {
    if (shape.offset() == RunShape.Offset.THIRTY_TWO) {
      subtractOffsets(row);
    }
    for (int half = 0; half < HALVES; half++) {
      Ymm inBlock = inBlock(row, half);
      a.vcvtdq2ps(inBlock, onStack ? sums.of(row, half) : inBlock);
      a.vmulps(inBlock, inBlock, panel(half, panel.blockScale()));
    }
    if (shape.minimum()) {
      subtractMinima(row);
    }
    a.vbroadcastss(ACTIVATION, behind(row, Avx2SuperPanel.STEPS - 1, Field.SCALE));
    for (int half = 0; half < HALVES; half++) {
      a.vfmadd213ps(inBlock(row, half), ACTIVATION, tiles.result(row, half));
      a.vmovups(tiles.result(row, half), inBlock(row, half));
    }
  }

  /** A number of some 32 columns of the block that was multiplied. */
  private Mem behind(int row, int step, Field field) {
    int back = (Avx2SuperPanel.STEPS - step) * Activations.BYTES;
    return tiles.activation(row, field.at() - back);
  }

  /** {@link #inBlock} −= 32·Σ s·x, in the registers of {@link #shorts}. */
  private void subtractOffsets(int row) {
    for (int half = 0; half < HALVES; half++) {
      a.zero(shorts(row, half));
    }
    for (int step = 0; step < Avx2SuperPanel.STEPS; step++) {
      a.vpbroadcastd(ACTIVATION, behind(row, step, Field.SHORT_SUMS));
      for (int half = 0; half < HALVES; half++) {
        a.vpmaddwd(PRODUCT, ACTIVATION, panel(half, panel.correction(step)));
        a.vpaddd(shorts(row, half), shorts(row, half), PRODUCT);
      }
    }
    for (int half = 0; half < HALVES; half++) {
      a.vpslld(shorts(row, half), shorts(row, half), 5);
      a.vpsubd(inBlock(row, half), inBlock(row, half), shorts(row, half));
    }
  }

  /** {@link #inBlock}, floats now, −= Σ dmin·m·x. */
  private void subtractMinima(int row) {
    for (int step = 0; step < Avx2SuperPanel.STEPS; step++) {
      a.vbroadcastss(ACTIVATION, behind(row, step, Field.SUM));
      for (int half = 0; half < HALVES; half++) {
        a.vfnmadd231ps(inBlock(row, half), ACTIVATION, panel(half, panel.correction(step)));
      }
    }
  }
}
