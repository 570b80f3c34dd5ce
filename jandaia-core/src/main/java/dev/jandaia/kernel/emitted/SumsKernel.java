package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R12;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RBX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/**
 * Scalar twin: {@code CachedRows.get} in {@code ScalarKernels.weightedSums}. One, two or four rows
 * of weights times cached rows, in turns of as many columns as half of the registers hold sums of.
 *
 * <p>{@link RowArguments}, rdx = weights {@code [queries, }{@link RowKernels#MOST}{@code ]}, rcx =
 * sums {@code [queries, columns]}, written over, the number is that of rows.
 */
final class SumsKernel<R extends VectorRegister> {
  private static final Gpr[] KEPT = {RBX, R12};

  private final VectorAssembler<R> a;
  private final RowFormat format;
  private final RowLoads<R> rows;
  private final int columns;
  private final int queries;

  private SumsKernel(VectorAssembler<R> a, RowFormat format, int columns, int queries) {
    this.a = a;
    this.format = format;
    this.rows = RowLoads.of(a, format);
    this.columns = columns;
    this.queries = queries;
  }

  /** For the first {@code columns} columns, a multiple of sixteen. */
  static NativeCode of(VectorAssembler<?> a, RowFormat format, int columns, int queries) {
    return new SumsKernel<>(a, format, columns, queries).assemble();
  }

  private R sum(int step, int query) {
    return a.register(step * queries + query);
  }

  private R value(int step) {
    return switch (a.length()) {
      case BITS_512 -> a.register(16 + step % 4);
      case BITS_256 -> a.register(14);
    };
  }

  private R weight(int query) {
    return switch (a.length()) {
      case BITS_512 -> a.register(24 + query);
      case BITS_256 -> a.register(8 + query);
    };
  }

  private NativeCode assemble() {
    RowArguments.load(a);
    for (Gpr r : KEPT) {
      a.push(r);
    }
    rows.constants(R12);
    int steps = columns / a.lanes();
    int most = a.registers() / 2 / queries;
    for (int from = 0; from < steps; from += most) {
      turn(from, Math.min(most, steps - from));
    }
    for (int i = KEPT.length - 1; i >= 0; i--) {
      a.pop(KEPT[i]);
    }
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private void turn(int from, int steps) {
    for (int i = 0; i < steps * queries; i++) {
      a.zero(a.register(i));
    }
    a.mov(RAX, RDI);
    a.mov(R10, RSI);
    a.mov(R11, RDX);
    RowArguments.number(a, RBX, KEPT.length);
    Label row = a.label();
    for (int q = 0; q < queries; q++) {
      a.vbroadcastss(weight(q), Mem.at(R11, 4 * RowKernels.MOST * q));
    }
    for (int step = 0; step < steps; step++) {
      if (from == 0) {
        RowArguments.prefetch(a, format, RAX, 1, step, steps);
      }
      rows.load(value(step), RAX, R10, 0, from + step);
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
        int at = q * columns + (from + step) * a.lanes();
        a.vmovups(Mem.at(RCX, 4 * at), sum(step, q));
      }
    }
  }
}
