package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.LESS;
import static dev.jandaia.machinecode.Condition.NOT_LESS;
import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Condition.ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R12;
import static dev.jandaia.machinecode.Gpr.R13;
import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RBX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mask;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code ScalarKernels.weightedSums}. Tiles of up to twelve rows of A times a panel
 * {@code [depth, 32]} of {@link PanelCopyKernel} or {@link TransposeKernel}, one tile after the
 * other: C = A·panel, or C += A·panel. Sums stay in registers over the whole depth.
 *
 * <p>{@link FloatArguments}: A, panel, C; numbers are those of tiles (at least one) and of the
 * depth, the mask that of the columns of C that are wanted.
 */
final class FloatTileKernel {
  /** Rows of a tile. */
  static final int ROWS = 12;

  /** Columns of a panel. */
  static final int COLUMNS = 32;

  /** Bytes of a row of a panel. */
  static final int PANEL_BYTES = 4 * COLUMNS;

  private static final int HALVES = 2;

  /** Columns of A between two looks at the counter. */
  private static final int STEPS = 4;

  private static final Gpr[] POINTERS = {RAX, RBX, R12, R13};
  private static final int PUSHED = POINTERS.length - 1;
  private static final Gpr TILES = R10;
  private static final Gpr DEPTH = R11;
  private static final Gpr PANEL = R8;
  private static final Mask[] WANTED = {new Mask(1), new Mask(2)};
  private static final Zmm[] PANELS = {new Zmm(24), new Zmm(25)};
  private static final Zmm[] ELEMENTS = {new Zmm(26), new Zmm(27), new Zmm(28), new Zmm(29)};

  private final Assembler a = new Assembler();
  private final int rows;
  private final Onto onto;

  private FloatTileKernel(int rows, Onto onto) {
    this.rows = rows;
    this.onto = onto;
  }

  /** For tiles of {@code rows} rows. */
  static NativeCode of(int rows, Onto onto) {
    return new FloatTileKernel(rows, onto).assemble();
  }

  private static Zmm sum(int row, int half) {
    return new Zmm(HALVES * row + half);
  }

  private NativeCode assemble() {
    for (int i = 1; i < POINTERS.length; i++) {
      a.push(POINTERS[i]);
    }
    FloatArguments.load(a);
    FloatArguments.number(a, TILES, 0, PUSHED);
    for (int half = 0; half < HALVES; half++) {
      FloatArguments.lanes(a, WANTED[half], half, PUSHED);
    }
    Label tile = a.label();
    begin();
    multiply();
    end();
    advance(RDI, RCX);
    advance(RDX, R9);
    a.sub(TILES, 1);
    a.jump(NOT_ZERO, tile);
    for (int i = POINTERS.length - 1; i > 0; i--) {
      a.pop(POINTERS[i]);
    }
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private void begin() {
    Activations.pointers(a, RDX, POINTERS, R9);
    for (int row = 0; row < rows; row++) {
      for (int half = 0; half < HALVES; half++) {
        a.vpxord(sum(row, half), sum(row, half), sum(row, half));
        if (onto == Onto.RESULTS) {
          a.vmovups(sum(row, half), WANTED[half], result(row, half));
        }
      }
    }
  }

  private void multiply() {
    Label rest = new Label();
    Label done = new Label();
    Activations.pointers(a, RDI, POINTERS, RCX);
    a.mov(PANEL, RSI);
    FloatArguments.number(a, DEPTH, 1, PUSHED);
    a.sub(DEPTH, STEPS);
    a.jump(LESS, rest);
    Label steps = a.label();
    multiply(STEPS);
    a.sub(DEPTH, STEPS);
    a.jump(NOT_LESS, steps);
    a.place(rest);
    a.add(DEPTH, STEPS);
    a.jump(ZERO, done);
    Label step = a.label();
    multiply(1);
    a.sub(DEPTH, 1);
    a.jump(NOT_ZERO, step);
    a.place(done);
  }

  private void multiply(int steps) {
    for (int step = 0; step < steps; step++) {
      for (int half = 0; half < HALVES; half++) {
        a.vmovups(PANELS[half], Mem.at(PANEL, PANEL_BYTES * step + 64 * half));
      }
      for (int row = 0; row < rows; row++) {
        Zmm element = ELEMENTS[row % ELEMENTS.length];
        a.vbroadcastss(element, Activations.row(POINTERS, RCX, row, 4 * step));
        for (int half = 0; half < HALVES; half++) {
          a.vfmadd231ps(sum(row, half), PANELS[half], element);
        }
      }
    }
    a.add(PANEL, PANEL_BYTES * steps);
    for (Gpr pointer : POINTERS) {
      a.add(pointer, 4 * steps);
    }
  }

  private void end() {
    Activations.pointers(a, RDX, POINTERS, R9);
    for (int row = 0; row < rows; row++) {
      for (int half = 0; half < HALVES; half++) {
        a.vmovups(result(row, half), WANTED[half], sum(row, half));
      }
    }
  }

  private static Mem result(int row, int half) {
    return Activations.row(POINTERS, R9, row, 64 * half);
  }

  /** Goes on by the rows of a tile. */
  private void advance(Gpr matrix, Gpr stride) {
    a.imul(RAX, stride, rows);
    a.add(matrix, RAX);
  }
}
