package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/**
 * Scalar twin: {@code CachedRows.get}. Cached rows as floats, for many queries that share them.
 *
 * <p>{@link RowArguments}, rcx = floats {@code [rows, dim]}, the number is that of rows.
 */
final class UnpackKernel {
  private UnpackKernel() {}

  static <R extends VectorRegister> NativeCode of(VectorAssembler<R> a, RowFormat format) {
    RowLoads<R> rows = RowLoads.of(a, format);
    RowArguments.load(a);
    RowArguments.number(a, R10, 0);
    rows.constants(R11);
    Label row = a.label();
    int steps = rows.steps();
    for (int step = 0; step < steps; step++) {
      R values = a.register(step % 4);
      rows.load(values, RDI, RSI, 0, step);
      a.vmovups(Mem.at(RCX, a.bytes() * step), values);
    }
    a.add(RDI, format.rowBytes());
    a.add(RSI, format.otherBytes());
    a.add(RCX, 4 * format.dim);
    a.sub(R10, 1);
    a.jump(NOT_ZERO, row);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }
}
