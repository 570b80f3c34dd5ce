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

import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.LaneMask;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorLength;
import dev.jandaia.machinecode.VectorRegister;

/**
 * Scalar twin: {@code ScalarKernels.weightedSums}. A few rows of weights times a run of rows, in
 * turns of 8, 4, 2 and 1 registers of columns, whose sums stay in registers over all rows.
 *
 * <p>{@link FloatArguments}: weights, rows, sums, added to; numbers are those of rows (at least
 * one) and of steps of a register of columns, the mask that of the columns after them.
 */
final class FewSumsKernel<R extends VectorRegister> {
  private static final int MOST_STEPS = 8;
  private static final Gpr[] KEPT = {RBX, R12, R13};
  private static final Gpr[] WEIGHTS = {R12, R13};
  private static final Gpr[] SUMS = {RAX, RBX};
  private static final Gpr STEPS = R10;
  private static final Gpr LEFT = RBX;
  private static final Gpr ROW = R11;

  private final VectorAssembler<R> a;
  private final int queries;
  private final int mostSums;
  private final LaneMask<R> last;

  private FewSumsKernel(VectorAssembler<R> a, int queries) {
    this.a = a;
    this.queries = queries;
    this.mostSums = mostSums(a.length());
    // The last columns are one step: there are registers left.
    this.last = a.mask(1, a.register(mostSums - 1), a.register(mostSums - 2));
  }

  static NativeCode of(VectorAssembler<?> a, int queries) {
    return new FewSumsKernel<>(a, queries).assemble();
  }

  /** The most rows of weights. */
  static int queries(VectorLength length) {
    return switch (length) {
      case BITS_512 -> 4;
      case BITS_256 -> 2;
    };
  }

  /** Registers that leave others for values and weights. */
  private static int mostSums(VectorLength length) {
    return switch (length) {
      case BITS_512 -> 24;
      case BITS_256 -> 10;
    };
  }

  private R sum(int step, int query) {
    return a.register(step * queries + query);
  }

  private R value(int step) {
    return a.register(mostSums + step % 4);
  }

  private R weight(int query) {
    return a.register(mostSums + 4 + query);
  }

  private NativeCode assemble() {
    for (Gpr r : KEPT) {
      a.push(r);
    }
    FloatArguments.load(a);
    FloatArguments.number(a, STEPS, 1, KEPT.length);
    for (int steps = MOST_STEPS; steps > 0; steps /= 2) {
      if (steps * queries <= mostSums) {
        turns(steps);
      }
    }
    Label done = new Label();
    FloatArguments.lanes(a, last, 0, KEPT.length);
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
    a.add(RSI, a.bytes() * steps);
    a.add(RDX, a.bytes() * steps);
    a.sub(STEPS, steps);
    a.cmp(STEPS, steps);
    a.jump(NOT_LESS, again);
    a.place(fewer);
  }

  private void turn(int steps, boolean some) {
    Activations.pointers(a, RDX, SUMS, R9);
    for (int step = 0; step < steps; step++) {
      for (int q = 0; q < queries; q++) {
        load(sum(step, q), Activations.row(SUMS, R9, q, a.bytes() * step), some);
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
      load(value(step), Mem.at(ROW, a.bytes() * step), some);
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
        store(Activations.row(SUMS, R9, q, a.bytes() * step), sum(step, q), some);
      }
    }
  }

  private void load(R to, Mem from, boolean some) {
    if (some) {
      a.zero(to);
      last.load(to, from);
    } else {
      a.vmovups(to, from);
    }
  }

  private void store(Mem to, R from, boolean some) {
    if (some) {
      last.store(to, from);
    } else {
      a.vmovups(to, from);
    }
  }
}
