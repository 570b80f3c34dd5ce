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
 * Scalar twin: {@code ScalarWeight}. Computes, or adds to, up to six rows of results, sixteen
 * columns wide: the products of as many rows of activations with a panel of floats.
 *
 * <p>Arguments as of {@link Avx2TileLoop}; the parts of a panel are eight columns.
 */
final class Avx2HalfTileKernel {
  /** Rows of activations in a tile. */
  static final int ROWS = 6;

  /** Columns between two jumps. */
  static final int TOGETHER = 8;

  private static final Ymm[] WEIGHTS = {new Ymm(12), new Ymm(13)};
  private static final Ymm ACTIVATION = new Ymm(14);

  private final Avx2Assembler a = new Avx2Assembler();
  private final Avx2TileLoop tiles;
  private final int rows;

  private Avx2HalfTileKernel(int rows) {
    this.rows = rows;
    this.tiles = new Avx2TileLoop(a, rows);
  }

  static NativeCode of(int rows, Onto onto) {
    return new Avx2HalfTileKernel(rows).assemble(onto);
  }

  private NativeCode assemble(Onto onto) {
    return tiles.assemble(() -> {}, () -> tile(onto), () -> {});
  }

  private void tile(Onto onto) {
    tiles.forEach((row, half) -> begin(onto, row, half));
    Label again = a.label();
    for (int column = 0; column < TOGETHER; column++) {
      addProducts(column);
    }
    a.add(PANEL, TOGETHER * HALVES * Avx2Format.HALF);
    tiles.advance(4 * TOGETHER);
    a.sub(PARTS, 1);
    a.jump(NOT_ZERO, again);
    tiles.forEach((row, half) -> a.vmovups(tiles.result(row, half), sum(row, half)));
  }

  private void begin(Onto onto, int row, int half) {
    Ymm sum = sum(row, half);
    if (onto == Onto.ZERO) {
      a.vpxor(sum, sum, sum);
    } else {
      a.vmovups(sum, tiles.result(row, half));
    }
  }

  private void addProducts(int column) {
    for (int half = 0; half < HALVES; half++) {
      a.vmovups(WEIGHTS[half], Mem.at(PANEL, (HALVES * column + half) * Avx2Format.HALF));
    }
    for (int row = 0; row < rows; row++) {
      a.vbroadcastss(ACTIVATION, tiles.activation(row, 4 * column));
      for (int half = 0; half < HALVES; half++) {
        a.vfmadd231ps(sum(row, half), WEIGHTS[half], ACTIVATION);
      }
    }
  }

  private static Ymm sum(int row, int half) {
    return new Ymm(HALVES * row + half);
  }
}
