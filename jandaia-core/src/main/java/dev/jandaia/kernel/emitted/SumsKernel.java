package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RBX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code CachedRows.get} in {@code ScalarKernels.weightedSums}. One, two or four rows
 * of weights times cached rows, in turns of as many columns as sixteen registers of sums hold.
 *
 * <p>{@link RowArguments}, rdx = weights {@code [queries, }{@link RowKernels#MOST}{@code ]}, rcx =
 * sums {@code [queries, columns]}, written over, the number is that of rows.
 */
final class SumsKernel {
  private static final int SUMS = 16;

  private final Assembler a = new Assembler();
  private final RowFormat format;
  private final int columns;
  private final int queries;

  private SumsKernel(RowFormat format, int columns, int queries) {
    this.format = format;
    this.columns = columns;
    this.queries = queries;
  }

  /** For the first {@code columns} columns, a multiple of sixteen. */
  static NativeCode of(RowFormat format, int columns, int queries) {
    return new SumsKernel(format, columns, queries).assemble();
  }

  private Zmm sum(int step, int query) {
    return new Zmm(step * queries + query);
  }

  private static Zmm value(int step) {
    return new Zmm(16 + step % 4);
  }

  private static Zmm weight(int query) {
    return new Zmm(24 + query);
  }

  private NativeCode assemble() {
    RowArguments.load(a);
    a.push(RBX);
    format.constants(a);
    int steps = columns / RowFormat.STEP;
    int most = SUMS / queries;
    for (int from = 0; from < steps; from += most) {
      turn(from, Math.min(most, steps - from));
    }
    a.pop(RBX);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private void turn(int from, int steps) {
    for (int i = 0; i < steps * queries; i++) {
      a.vpxord(new Zmm(i), new Zmm(i), new Zmm(i));
    }
    a.mov(RAX, RDI);
    a.mov(R10, RSI);
    a.mov(R11, RDX);
    RowArguments.number(a, RBX, 1);
    Label row = a.label();
    for (int q = 0; q < queries; q++) {
      a.vbroadcastss(weight(q), Mem.at(R11, 4 * RowKernels.MOST * q));
    }
    for (int step = 0; step < steps; step++) {
      if (from == 0) {
        RowArguments.prefetch(a, format, RAX, 1, step, steps);
      }
      format.load(a, value(step), RAX, R10, 0, from + step);
      for (int q = 0; q < queries; q++) {
        a.vfmadd231ps(sum(step, q), weight(q), value(step));
      }
    }
    a.add(RAX, format.rowBytes());
    a.add(R10, format.otherBytes());
    if (from == 0) {
      RowArguments.advance(a, format, 1);
    }
    a.add(R11, 4);
    a.sub(RBX, 1);
    a.jump(NOT_ZERO, row);
    for (int step = 0; step < steps; step++) {
      for (int q = 0; q < queries; q++) {
        int at = q * columns + (from + step) * RowFormat.STEP;
        a.vmovups(Mem.at(RCX, 4 * at), sum(step, q));
      }
    }
  }
}
