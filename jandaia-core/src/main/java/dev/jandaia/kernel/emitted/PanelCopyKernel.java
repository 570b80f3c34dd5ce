package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mask;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code System.arraycopy}, row by row. Copies up to 32 columns of rows to a panel of
 * {@link FloatTileKernel}, with zeros for those that are missing.
 *
 * <p>{@link FloatArguments}: rows, panel; the first number is that of rows (at least one), the mask
 * that of the columns.
 */
final class PanelCopyKernel {
  private static final Mask[] COLUMNS = {new Mask(1), new Mask(2)};
  private static final Zmm[] VALUES = {new Zmm(0), new Zmm(1)};

  private PanelCopyKernel() {}

  static NativeCode code() {
    Assembler a = new Assembler();
    FloatArguments.load(a);
    FloatArguments.number(a, R10, 0, 0);
    for (int half = 0; half < VALUES.length; half++) {
      FloatArguments.lanes(a, COLUMNS[half], half, 0);
      // Lanes outside of the mask stay what they are: zero.
      a.vpxord(VALUES[half], VALUES[half], VALUES[half]);
    }
    Label row = a.label();
    for (int half = 0; half < VALUES.length; half++) {
      a.vmovups(VALUES[half], COLUMNS[half], Mem.at(RDI, 64 * half));
      a.vmovups(Mem.at(RSI, 64 * half), VALUES[half]);
    }
    a.add(RDI, RCX);
    a.add(RSI, FloatTileKernel.PANEL_BYTES);
    a.sub(R10, 1);
    a.jump(NOT_ZERO, row);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }
}
