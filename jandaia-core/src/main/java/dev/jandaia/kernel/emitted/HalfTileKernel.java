package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
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
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code ScalarWeight}. Computes, or adds to, up to twelve rows of results, 32 columns
 * wide: the products of as many rows of activations with two neighbouring panels.
 *
 * <p>rdi = first panel, rsi = activations, rdx = results, rcx = bytes from one row of activations
 * to the next, r8 = blocks of 32 columns, r9 = bytes from one row of results to the next.
 */
final class HalfTileKernel {
  /** Rows of activations in a tile. */
  static final int ROWS = 12;

  private static final int PANELS = 2;
  private static final Gpr SECOND_PANEL = R10;
  private static final Gpr[] POINTERS = {RAX, RBX, R12, R13};
  private static final Zmm[] WEIGHTS = {new Zmm(24), new Zmm(25)};
  private static final Zmm ACTIVATIONS = new Zmm(26);

  private HalfTileKernel() {}

  static NativeCode of(HalfFormat format, int rows, Onto onto) {
    Assembler a = new Assembler();
    for (int i = 1; i < POINTERS.length; i++) {
      a.push(POINTERS[i]);
    }
    a.imul(SECOND_PANEL, R8, format.panelBytes());
    Activations.pointers(a, RDX, POINTERS, R9);
    for (int row = 0; row < rows; row++) {
      for (int panel = 0; panel < PANELS; panel++) {
        onto.begin(a, sum(row, panel), Activations.row(POINTERS, R9, row, 64 * panel));
      }
    }
    Activations.pointers(a, RSI, POINTERS, RCX);
    a.mov(R11, R8);
    Label block = a.label();
    for (int step = 0; step < format.steps; step++) {
      a.vmovups(WEIGHTS[0], Mem.at(RDI, 64 * step));
      a.vmovups(WEIGHTS[1], Mem.at(RDI, SECOND_PANEL, 1, 64 * step));
      for (int row = 0; row < rows; row++) {
        a.vbroadcastss(ACTIVATIONS, Activations.row(POINTERS, RCX, row, 4 * step));
        for (int panel = 0; panel < PANELS; panel++) {
          format.addProduct(a, sum(row, panel), WEIGHTS[panel], ACTIVATIONS);
        }
      }
    }
    a.add(RDI, format.panelBytes());
    for (Gpr pointer : POINTERS) {
      a.add(pointer, format.activationBytes());
    }
    a.sub(R11, 1);
    a.jump(NOT_ZERO, block);
    Activations.pointers(a, RDX, POINTERS, R9);
    for (int row = 0; row < rows; row++) {
      for (int panel = 0; panel < PANELS; panel++) {
        a.vmovups(Activations.row(POINTERS, R9, row, 64 * panel), sum(row, panel));
      }
    }
    for (int i = POINTERS.length - 1; i > 0; i--) {
      a.pop(POINTERS[i]);
    }
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private static Zmm sum(int row, int panel) {
    return new Zmm(PANELS * row + panel);
  }
}
