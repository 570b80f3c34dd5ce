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
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.LaneMask;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/**
 * Scalar twin: panel[d, i] = row i[d]. Writes up to as many rows as a register has lanes as columns
 * of half a panel of {@link FloatTileKernel}, whose depth is filled up to whole squares.
 *
 * <p>{@link FloatArguments}: rows, panel; the first number is that of squares (at least one), the
 * mask that of the columns of the last square.
 */
final class TransposeKernel<R extends VectorRegister> {
  private static final int QUARTERS = 4;
  private static final Gpr[] ROWS = {RDI, RAX, RBX, R12, R13, R14};
  private static final Gpr[] KEPT = {RBX, R12, R13, R14};
  private static final Gpr SQUARES = R10;
  private static final Gpr LAST = R11;

  /** The columns of a square. */
  private static final Gpr BITS = RDX;

  /** Pairs of places that are taken from each of two registers: the lower, upper, even, odd. */
  private static final int LOWER = 0b01_00_01_00;

  private static final int UPPER = 0b11_10_11_10;
  private static final int EVEN = 0b10_00_10_00;
  private static final int ODD = 0b11_01_11_01;

  /** Two quarters of each of two registers. */
  private static final int ACROSS_TWO = 8;

  private static final int ACROSS_FOUR = 16;

  private final VectorAssembler<R> a;
  private final int rows;

  /** Rows, and columns, of a square. */
  private final int size;

  private final LaneMask<R> columns;

  private TransposeKernel(VectorAssembler<R> a, int rows) {
    this.a = a;
    this.rows = rows;
    this.size = a.lanes();
    // Needed while rows are loaded, when the upper registers are free.
    this.columns = a.mask(1, upper(0), upper(1));
  }

  /** For up to as many rows as a register has lanes. */
  static NativeCode of(VectorAssembler<?> a, int rows) {
    return new TransposeKernel<>(a, rows).assemble();
  }

  private NativeCode assemble() {
    for (Gpr r : KEPT) {
      a.push(r);
    }
    FloatArguments.load(a);
    FloatArguments.number(a, SQUARES, 0, KEPT.length);
    FloatArguments.lanes(a, columns, 0, KEPT.length);
    a.mov(LAST, RAX);
    a.mov32(BITS, -1);
    Activations.pointers(a, RDI, ROWS, RCX);
    Label square = a.label();
    Label whole = new Label();
    a.cmp(SQUARES, 1);
    a.jump(NOT_ZERO, whole);
    a.mov(BITS, LAST);
    a.place(whole);
    columns.set(BITS);
    load();
    transposeQuarters();
    transposeAcross();
    int panelBytes = FloatTileKernel.HALVES * a.bytes();
    for (int i = 0; i < size; i++) {
      a.vmovups(Mem.at(RSI, panelBytes * i), result(i));
    }
    for (Gpr pointer : ROWS) {
      a.add(pointer, a.bytes());
    }
    a.add(RSI, size * panelBytes);
    a.sub(SQUARES, 1);
    a.jump(NOT_ZERO, square);
    for (int i = KEPT.length - 1; i >= 0; i--) {
      a.pop(KEPT[i]);
    }
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private R lower(int i) {
    return a.register(i);
  }

  private R upper(int i) {
    return a.register(a.lanes() + i);
  }

  private R result(int i) {
    return size == ACROSS_FOUR ? lower(i) : upper(i);
  }

  private void load() {
    for (int row = 0; row < size; row++) {
      a.zero(lower(row));
      if (row < rows) {
        columns.load(lower(row), Activations.row(ROWS, RCX, row, 0));
      }
    }
  }

  /** Register 4g + c: in quarter Q the rows 4g to 4g + 3 of column 4Q + c. */
  private void transposeQuarters() {
    for (int g = 0; g < size; g += QUARTERS) {
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
      for (int g = 0; g < size; g += ACROSS_TWO) {
        a.evenQuarters(upper(g + c), lower(g + c), lower(g + 4 + c));
        a.oddQuarters(upper(g + 4 + c), lower(g + c), lower(g + 4 + c));
      }
      for (int half = 0; size == ACROSS_FOUR && half < ACROSS_TWO; half += QUARTERS) {
        a.evenQuarters(lower(half + c), upper(half + c), upper(8 + half + c));
        a.oddQuarters(lower(8 + half + c), upper(half + c), upper(8 + half + c));
      }
    }
  }
}
