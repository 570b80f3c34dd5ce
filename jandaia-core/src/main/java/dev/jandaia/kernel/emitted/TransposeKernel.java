package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R12;
import static dev.jandaia.machinecode.Gpr.R13;
import static dev.jandaia.machinecode.Gpr.R14;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RBX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mask;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: panel[d, i] = row i[d]. Writes up to sixteen rows as columns of half a panel of
 * {@link FloatTileKernel}, whose depth is filled up to whole squares of sixteen.
 *
 * <p>{@link FloatArguments}: rows, panel; the first number is that of squares (at least one), the
 * mask that of the columns of the last square.
 */
final class TransposeKernel {
  /** Rows, and columns, of a square. */
  static final int SIZE = 16;

  private static final int QUARTERS = 4;
  private static final Gpr[] ROWS = {RDI, RAX, RBX, R12, R13, R14};
  private static final Gpr[] KEPT = {RBX, R12, R13, R14};
  private static final Gpr SQUARES = R10;
  private static final Gpr LAST = R11;
  private static final Mask COLUMNS = new Mask(1);

  /** Pairs of places that are taken from each of two registers: the lower, upper, even, odd. */
  private static final int LOWER = 0b01_00_01_00;

  private static final int UPPER = 0b11_10_11_10;
  private static final int EVEN = 0b10_00_10_00;
  private static final int ODD = 0b11_01_11_01;

  private final Assembler a = new Assembler();
  private final int rows;

  private TransposeKernel(int rows) {
    this.rows = rows;
  }

  static NativeCode of(int rows) {
    return new TransposeKernel(rows).assemble();
  }

  private NativeCode assemble() {
    for (Gpr r : KEPT) {
      a.push(r);
    }
    FloatArguments.load(a);
    FloatArguments.number(a, SQUARES, 0, KEPT.length);
    FloatArguments.lanes(a, COLUMNS, 0, KEPT.length);
    a.mov(LAST, RAX);
    a.mov32(RAX, 0xFFFF);
    a.kmovw(COLUMNS, RAX);
    Activations.pointers(a, RDI, ROWS, RCX);
    Label square = a.label();
    Label whole = new Label();
    a.cmp(SQUARES, 1);
    a.jump(NOT_ZERO, whole);
    a.kmovw(COLUMNS, LAST);
    a.place(whole);
    load();
    transposeQuarters();
    transposeAcross();
    for (int i = 0; i < SIZE; i++) {
      a.vmovups(Mem.at(RSI, FloatTileKernel.PANEL_BYTES * i), lower(i));
    }
    for (Gpr pointer : ROWS) {
      a.add(pointer, 4 * SIZE);
    }
    a.add(RSI, SIZE * FloatTileKernel.PANEL_BYTES);
    a.sub(SQUARES, 1);
    a.jump(NOT_ZERO, square);
    for (int i = KEPT.length - 1; i >= 0; i--) {
      a.pop(KEPT[i]);
    }
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private static Zmm lower(int i) {
    return new Zmm(i);
  }

  private static Zmm upper(int i) {
    return new Zmm(SIZE + i);
  }

  private void load() {
    for (int row = 0; row < SIZE; row++) {
      a.vpxord(lower(row), lower(row), lower(row));
      if (row < rows) {
        a.vmovups(lower(row), COLUMNS, Activations.row(ROWS, RCX, row, 0));
      }
    }
  }

  /** Register 4g + c: in quarter Q the rows 4g to 4g + 3 of column 4Q + c. */
  private void transposeQuarters() {
    for (int g = 0; g < SIZE; g += QUARTERS) {
      for (int pair = g; pair < g + QUARTERS; pair += 2) {
        a.vshufps(upper(pair), lower(pair), lower(pair + 1), LOWER);
        a.vshufps(upper(pair + 1), lower(pair), lower(pair + 1), UPPER);
      }
      a.vshufps(lower(g), upper(g), upper(g + 2), EVEN);
      a.vshufps(lower(g + 1), upper(g), upper(g + 2), ODD);
      a.vshufps(lower(g + 2), upper(g + 1), upper(g + 3), EVEN);
      a.vshufps(lower(g + 3), upper(g + 1), upper(g + 3), ODD);
    }
  }

  /** Register 4Q + c: all rows of column 4Q + c. */
  private void transposeAcross() {
    for (int c = 0; c < QUARTERS; c++) {
      a.vshuff32x4(upper(c), lower(c), lower(4 + c), EVEN);
      a.vshuff32x4(upper(4 + c), lower(c), lower(4 + c), ODD);
      a.vshuff32x4(upper(8 + c), lower(8 + c), lower(12 + c), EVEN);
      a.vshuff32x4(upper(12 + c), lower(8 + c), lower(12 + c), ODD);
      a.vshuff32x4(lower(c), upper(c), upper(8 + c), EVEN);
      a.vshuff32x4(lower(8 + c), upper(c), upper(8 + c), ODD);
      a.vshuff32x4(lower(4 + c), upper(4 + c), upper(12 + c), EVEN);
      a.vshuff32x4(lower(12 + c), upper(4 + c), upper(12 + c), ODD);
    }
  }
}
