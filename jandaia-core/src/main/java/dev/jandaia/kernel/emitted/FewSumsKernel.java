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
 * Scalar twin: {@code ScalarKernels.weightedSums}. Up to four rows of weights times a run of rows,
 * in turns of 128, 64, 32 and 16 columns, whose sums stay in registers over all rows.
 *
 * <p>{@link FloatArguments}: weights, rows, sums, added to; numbers are those of rows (at least
 * one) and of steps of sixteen columns, the mask that of the columns after them.
 */
final class FewSumsKernel {
  /** The most rows of weights. */
  static final int QUERIES = 4;

  private static final int MOST_SUMS = 24;
  private static final int MOST_STEPS = 8;
  private static final Gpr[] KEPT = {RBX, R12, R13};
  private static final Gpr[] WEIGHTS = {R12, R13};
  private static final Gpr[] SUMS = {RAX, RBX};
  private static final Gpr STEPS = R10;
  private static final Gpr LEFT = RBX;
  private static final Gpr ROW = R11;
  private static final Mask LAST = new Mask(1);

  private final Assembler a = new Assembler();
  private final int queries;

  private FewSumsKernel(int queries) {
    this.queries = queries;
  }

  static NativeCode of(int queries) {
    return new FewSumsKernel(queries).assemble();
  }

  private Zmm sum(int step, int query) {
    return new Zmm(step * queries + query);
  }

  private static Zmm value(int step) {
    return new Zmm(MOST_SUMS + step % 4);
  }

  private static Zmm weight(int query) {
    return new Zmm(28 + query);
  }

  private NativeCode assemble() {
    for (Gpr r : KEPT) {
      a.push(r);
    }
    FloatArguments.load(a);
    FloatArguments.number(a, STEPS, 1, KEPT.length);
    for (int steps = MOST_STEPS; steps > 0; steps /= 2) {
      if (steps * queries <= MOST_SUMS) {
        turns(steps);
      }
    }
    Label done = new Label();
    FloatArguments.lanes(a, LAST, 0, KEPT.length);
    a.test(RAX, RAX);
    a.jump(ZERO, done);
    turn(1, true);
    a.place(done);
    for (int i = KEPT.length - 1; i >= 0; i--) {
      a.pop(KEPT[i]);
    }
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** As many turns of {@code steps} steps as are left. */
  private void turns(int steps) {
    Label fewer = new Label();
    a.cmp(STEPS, steps);
    a.jump(LESS, fewer);
    Label again = a.label();
    turn(steps, false);
    a.add(RSI, 64 * steps);
    a.add(RDX, 64 * steps);
    a.sub(STEPS, steps);
    a.cmp(STEPS, steps);
    a.jump(NOT_LESS, again);
    a.place(fewer);
  }

  private void turn(int steps, boolean last) {
    Activations.pointers(a, RDX, SUMS, R9);
    for (int step = 0; step < steps; step++) {
      for (int q = 0; q < queries; q++) {
        load(sum(step, q), Activations.row(SUMS, R9, q, 64 * step), last);
      }
    }
    Activations.pointers(a, RDI, WEIGHTS, RCX);
    a.mov(ROW, RSI);
    FloatArguments.number(a, LEFT, 0, KEPT.length);
    Label row = a.label();
    for (int q = 0; q < queries; q++) {
      a.vbroadcastss(weight(q), Activations.row(WEIGHTS, RCX, q, 0));
    }
    for (int step = 0; step < steps; step++) {
      load(value(step), Mem.at(ROW, 64 * step), last);
      for (int q = 0; q < queries; q++) {
        a.vfmadd231ps(sum(step, q), weight(q), value(step));
      }
    }
    a.add(ROW, R8);
    for (Gpr pointer : WEIGHTS) {
      a.add(pointer, 4);
    }
    a.sub(LEFT, 1);
    a.jump(NOT_ZERO, row);
    Activations.pointers(a, RDX, SUMS, R9);
    for (int step = 0; step < steps; step++) {
      for (int q = 0; q < queries; q++) {
        store(Activations.row(SUMS, R9, q, 64 * step), sum(step, q), last);
      }
    }
  }

  private void load(Zmm to, Mem from, boolean last) {
    if (last) {
      a.vpxord(to, to, to);
      a.vmovups(to, LAST, from);
    } else {
      a.vmovups(to, from);
    }
  }

  private void store(Mem to, Zmm from, boolean last) {
    if (last) {
      a.vmovups(to, LAST, from);
    } else {
      a.vmovups(to, from);
    }
  }
}
