package dev.jandaia.kernel.emitted;

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
 * or adds to, up to six rows of results, sixteen columns wide, of weights whose codes have four
 * bits: prefill, bound by arithmetic. Products are summed as 16-bit numbers, which last for a block
 * of 32 columns, then as floats.
 *
 * <p>Arguments as of {@link Avx2TileLoop}; the parts of a panel are blocks of 32 columns.
 */
final class Avx2TileKernel {
  /** Rows of activations in a tile. */
  static final int ROWS = 6;

  private static final Ymm[] CODES = {new Ymm(12), new Ymm(13)};
  private static final Ymm ACTIVATION = new Ymm(14);
  private static final Ymm PRODUCT = new Ymm(15);

  private final Avx2Assembler a = new Avx2Assembler();
  private final RunShape shape;
  private final int rows;
  private final Avx2StackSums sums;
  private final Avx2TileLoop tiles;

  private Avx2TileKernel(RunShape shape, int rows) {
    this.shape = shape;
    this.rows = rows;
    this.sums = new Avx2StackSums(a, rows);
    this.tiles = new Avx2TileLoop(a, rows);
  }

  static NativeCode of(RunShape shape, int rows, Onto onto) {
    return new Avx2TileKernel(shape, rows).assemble(onto);
  }

  private NativeCode assemble(Onto onto) {
    return tiles.assemble(this::begin, () -> tile(onto), sums::end);
  }

  private void begin() {
    sums.begin();
    a.constant(PRODUCT, 0x00010001);
    a.vmovups(ones(), PRODUCT);
  }

  private void tile(Onto onto) {
    sums.clear(PRODUCT);
    Label block = a.label();
    for (int k = 0; k < shape.columns() / 4; k++) {
      multiply(k);
    }
    widen();
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

  /** Ones of 16 bits. */
  private Mem ones() {
    return sums.other();
  }

  /** Sums of a block: pairs of products of 16 bits, then integers. */
  private static Ymm inBlock(int row, int half) {
    return new Ymm(HALVES * row + half);
  }

  private Mem panel(int half, int displacement) {
    return Mem.at(PANEL, displacement + Avx2Format.HALF * half);
  }

  /** {@link #inBlock} = or += the products of four columns. */
  private void multiply(int k) {
    for (int half = 0; half < HALVES; half++) {
      a.vmovdqu(CODES[half], panel(half, 64 * k));
    }
    for (int row = 0; row < rows; row++) {
      a.vpbroadcastd(ACTIVATION, tiles.activation(row, Activations.at(4 * k)));
      if (k == 0) {
        a.vpmaddubsw(inBlock(row, 0), CODES[0], ACTIVATION);
        a.vpmaddubsw(inBlock(row, 1), CODES[1], ACTIVATION);
      } else {
        a.vpmaddubsw(PRODUCT, CODES[0], ACTIVATION);
        a.vpmaddubsw(ACTIVATION, CODES[1], ACTIVATION);
        a.vpaddw(inBlock(row, 0), inBlock(row, 0), PRODUCT);
        a.vpaddw(inBlock(row, 1), inBlock(row, 1), ACTIVATION);
      }
    }
  }

  private void widen() {
    tiles.forEach((row, half) -> a.vpmaddwd(inBlock(row, half), inBlock(row, half), ones()));
    Optional<Field> correction = shape.correction(0);
    for (int row = 0; row < rows && correction.isPresent(); row++) {
      a.vpbroadcastd(ACTIVATION, tiles.activation(row, correction.get().at()));
      for (int half = 0; half < HALVES; half++) {
        a.vpaddd(inBlock(row, half), inBlock(row, half), ACTIVATION);
      }
    }
  }

  /** sums += the integers of a block, times the scales of the activations and of the weights. */
  private void addScaled() {
    for (int half = 0; half < HALVES; half++) {
      a.vmovups(CODES[half], panel(half, shape.scalesAt()));
    }
    for (int row = 0; row < rows; row++) {
      a.vbroadcastss(ACTIVATION, tiles.activation(row, Field.SCALE.at()));
      for (int half = 0; half < HALVES; half++) {
        Ymm inBlock = inBlock(row, half);
        a.vcvtdq2ps(inBlock, inBlock);
        a.vmulps(inBlock, inBlock, ACTIVATION);
        a.vfmadd213ps(inBlock, CODES[half], sums.of(row, half));
        a.vmovups(sums.of(row, half), inBlock);
      }
    }
  }
}
