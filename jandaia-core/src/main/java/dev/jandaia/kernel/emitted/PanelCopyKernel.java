package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.LaneMask;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;
import java.util.ArrayList;
import java.util.List;

/**
 * Scalar twin: {@code System.arraycopy}, row by row. Copies columns of rows to a panel of {@link
 * FloatTileKernel}, with zeros for those that are missing.
 *
 * <p>{@link FloatArguments}: rows, panel; the first number is that of rows (at least one), the mask
 * that of the columns.
 */
final class PanelCopyKernel {
  private static final int HALVES = FloatTileKernel.HALVES;

  private PanelCopyKernel() {}

  static <R extends VectorRegister> NativeCode code(VectorAssembler<R> a) {
    List<R> values = new ArrayList<>();
    List<LaneMask<R>> columns = new ArrayList<>();
    FloatArguments.load(a);
    FloatArguments.number(a, R10, 0, 0);
    for (int half = 0; half < HALVES; half++) {
      values.add(a.register(half));
      columns.add(a.mask(1 + half, a.register(2 + half), a.register(4)));
      FloatArguments.lanes(a, columns.get(half), half, 0);
      // Lanes outside of the mask stay what they are: zero.
      a.zero(values.get(half));
    }
    Label row = a.label();
    for (int half = 0; half < HALVES; half++) {
      columns.get(half).load(values.get(half), Mem.at(RDI, a.bytes() * half));
      a.vmovups(Mem.at(RSI, a.bytes() * half), values.get(half));
    }
    a.add(RDI, RCX);
    a.add(RSI, HALVES * a.bytes());
    a.sub(R10, 1);
    a.jump(NOT_ZERO, row);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }
}
