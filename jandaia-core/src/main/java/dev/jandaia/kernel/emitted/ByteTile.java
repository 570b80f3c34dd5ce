package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.kernel.emitted.Activations.Field;
import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Zmm;
import java.util.Optional;

/**
 * What tiles of quantised weights have in common: up to six rows of activations times two
 * neighbouring panels of sixteen weight rows, one run of columns after the other; the products of a
 * run are summed as integers.
 *
 * <p>rdi = first panel, rsi = activations, rdx = results, rcx = bytes from one row of activations
 * to the next, r9 = bytes from one row of results to the next.
 */
abstract class ByteTile {
  /** Rows of activations in a tile. */
  static final int ROWS = 6;

  static final int PANELS = 2;
  static final Gpr SECOND_PANEL = R10;
  static final Gpr[] ACTIVATIONS = {RSI, R11};
  private static final Gpr[] RESULTS = {RDX, RAX};
  private static final Zmm[] CODES = {new Zmm(24), new Zmm(25)};
  private static final Zmm ACTIVATION = new Zmm(26);

  final Assembler a = new Assembler();
  final RunShape shape;
  final int rows;

  ByteTile(RunShape shape, int rows) {
    this.shape = shape;
    this.rows = rows;
  }

  static Zmm sum(int row, int panel) {
    return new Zmm(PANELS * row + panel);
  }

  static Zmm inRun(int row, int panel) {
    return new Zmm(PANELS * (ROWS + row) + panel);
  }

  /** Sets the pointers that reach all rows. */
  final void pointers() {
    Activations.pointers(a, RSI, ACTIVATIONS, RCX);
    Activations.pointers(a, RDX, RESULTS, R9);
  }

  /** Goes to the next block of 32 columns. */
  final void advance() {
    a.add(RDI, shape.runs() * shape.panelBytes());
    for (Gpr pointer : ACTIVATIONS) {
      a.add(pointer, Activations.BYTES);
    }
  }

  /** {@link #inRun} = the integer products of a run of the block. */
  final void multiplyRun(int run) {
    int column = run * shape.columns();
    begin(shape.correction(column));
    for (int k = 0; k < shape.columns() / 4; k++) {
      for (int panel = 0; panel < PANELS; panel++) {
        a.vmovdqu32(CODES[panel], panel(panel, run, 64 * k));
      }
      for (int row = 0; row < rows; row++) {
        a.vpbroadcastd(ACTIVATION, activation(row, Activations.at(column + 4 * k)));
        for (int panel = 0; panel < PANELS; panel++) {
          a.vpdpbusd(inRun(row, panel), CODES[panel], ACTIVATION);
        }
      }
    }
  }

  private void begin(Optional<Field> correction) {
    for (int row = 0; row < rows; row++) {
      Zmm first = inRun(row, 0);
      if (correction.isPresent()) {
        a.vpbroadcastd(first, activation(row, correction.get().at()));
        a.vmovdqu32(inRun(row, 1), first);
      } else {
        a.vpxord(first, first, first);
        a.vpxord(inRun(row, 1), first, first);
      }
    }
  }

  final Mem activation(int row, int displacement) {
    return Activations.row(ACTIVATIONS, RCX, row, displacement);
  }

  final Mem result(int row, int panel) {
    return Activations.row(RESULTS, R9, row, 64 * panel);
  }

  final Mem panel(int panel, int run, int displacement) {
    int at = run * shape.panelBytes() + displacement;
    return panel == 0 ? Mem.at(RDI, at) : Mem.at(RDI, SECOND_PANEL, 1, at);
  }

  interface Cell {
    void write(int row, int panel);
  }

  final void forEach(Cell cell) {
    for (int row = 0; row < rows; row++) {
      for (int panel = 0; panel < PANELS; panel++) {
        cell.write(row, panel);
      }
    }
  }
}
