package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.LESS;
import static dev.jandaia.machinecode.Condition.NOT_LESS;
import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Condition.ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R12;
import static dev.jandaia.machinecode.Gpr.R13;
import static dev.jandaia.machinecode.Gpr.R14;
import static dev.jandaia.machinecode.Gpr.R15;
import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RBP;
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
 * Scalar twin: {@code ScalarKernels.dots}. A few queries times a run of keys, four keys at a time
 * and the last ones singly: one sum for each pair, whose lanes are added at its end.
 *
 * <p>{@link FloatArguments}: queries, keys, scores {@code [queries, keys]}; numbers are those of
 * keys (at least one) and of steps of a register of columns, the mask that of the columns after
 * them.
 */
final class FewDotsKernel<R extends VectorRegister> {
  private static final int KEYS = 4;
  private static final Gpr[] QUERY = {RDI, RBP, RBX, R12};
  private static final Gpr[] KEY = {RSI, R13, R14, R15};
  private static final Gpr[] KEPT = {RBX, RBP, R12, R13, R14, R15};
  private static final Gpr LEFT = RCX;
  private static final Gpr STEPS = R11;
  private static final Gpr AT = R10;

  private final VectorAssembler<R> a;
  private final int queries;
  private final LaneMask<R> last;

  private FewDotsKernel(VectorAssembler<R> a, int queries) {
    this.a = a;
    this.queries = queries;
    int free = a.registers() - 1;
    this.last = a.mask(1, a.register(free), a.register(free - 1));
  }

  static NativeCode of(VectorAssembler<?> a, int queries) {
    return new FewDotsKernel<>(a, queries).assemble();
  }

  /** The most queries: half of the registers are sums. */
  static int queries(VectorLength length) {
    return switch (length) {
      case BITS_512 -> 4;
      case BITS_256 -> 2;
    };
  }

  private R sum(int query, int key) {
    return a.register(KEYS * query + key);
  }

  private R query(int i) {
    return a.register(a.registers() / 2 + i);
  }

  private R key(int i) {
    return a.register(a.registers() * 3 / 4 + i % keyRegisters());
  }

  /** With few registers keys follow each other in two. */
  private int keyRegisters() {
    return a.length() == VectorLength.BITS_512 ? KEYS : 2;
  }

  private NativeCode assemble() {
    for (Gpr r : KEPT) {
      a.push(r);
    }
    FloatArguments.load(a);
    for (int i = 1; i < queries; i++) {
      a.lea(QUERY[i], Mem.at(QUERY[i - 1], RCX, 1, 0));
    }
    FloatArguments.number(a, LEFT, 0, KEPT.length);
    Label singly = new Label();
    Label done = new Label();
    a.sub(LEFT, KEYS);
    a.jump(LESS, singly);
    Label tile = a.label();
    tile(KEYS);
    a.sub(LEFT, KEYS);
    a.jump(NOT_LESS, tile);
    a.place(singly);
    a.add(LEFT, KEYS);
    a.jump(ZERO, done);
    Label single = a.label();
    tile(1);
    a.sub(LEFT, 1);
    a.jump(NOT_ZERO, single);
    a.place(done);
    for (int i = KEPT.length - 1; i >= 0; i--) {
      a.pop(KEPT[i]);
    }
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private void tile(int keys) {
    for (int i = 1; i < keys; i++) {
      a.lea(KEY[i], Mem.at(KEY[i - 1], R8, 1, 0));
    }
    for (int q = 0; q < queries; q++) {
      for (int k = 0; k < keys; k++) {
        a.zero(sum(q, k));
      }
    }
    multiply(keys);
    for (int q = 0; q < queries; q++) {
      addLanes(q, keys);
    }
    store(keys);
    a.lea(RSI, Mem.at(KEY[keys - 1], R8, 1, 0));
    a.add(RDX, 4 * keys);
  }

  private void multiply(int keys) {
    Label rest = new Label();
    Label done = new Label();
    a.mov32(AT, 0);
    FloatArguments.number(a, STEPS, 1, KEPT.length);
    a.test(STEPS, STEPS);
    a.jump(ZERO, rest);
    Label step = a.label();
    for (int q = 0; q < queries; q++) {
      a.vmovups(query(q), Mem.at(QUERY[q], AT, 1, 0));
    }
    for (int k = 0; k < keys; k++) {
      a.vmovups(key(k), Mem.at(KEY[k], AT, 1, 0));
      addProducts(k);
    }
    a.add(AT, a.bytes());
    a.sub(STEPS, 1);
    a.jump(NOT_ZERO, step);
    a.place(rest);
    FloatArguments.lanes(a, last, 0, KEPT.length);
    a.test(RAX, RAX);
    a.jump(ZERO, done);
    for (int q = 0; q < queries; q++) {
      a.zero(query(q));
      last.load(query(q), Mem.at(QUERY[q], AT, 1, 0));
    }
    for (int k = 0; k < keys; k++) {
      a.zero(key(k));
      last.load(key(k), Mem.at(KEY[k], AT, 1, 0));
      addProducts(k);
    }
    a.place(done);
  }

  private void addProducts(int k) {
    for (int q = 0; q < queries; q++) {
      a.vfmadd231ps(sum(q, k), query(q), key(k));
    }
  }

  /** Lane k of the first sum of a query becomes the sum of all lanes of its k-th. */
  private void addLanes(int q, int keys) {
    R all = sum(q, 0);
    if (keys == KEYS) {
      addPairs(all, sum(q, 1), 0b01_00_01_00, 0b11_10_11_10);
      addPairs(sum(q, 2), sum(q, 3), 0b01_00_01_00, 0b11_10_11_10);
      addPairs(all, sum(q, 2), 0b10_00_10_00, 0b11_01_11_01);
    }
    if (keys == KEYS) {
      AcrossLanes.reduceQuarters(a, all, key(q), a::vaddps);
    } else {
      AcrossLanes.reduce(a, all, key(q), a::vaddps);
    }
  }

  private void addPairs(R left, R right, int one, int other) {
    R temporary = key(0);
    a.vshufps(temporary, left, right, one);
    a.vshufps(left, left, right, other);
    a.vaddps(left, left, temporary);
  }

  private void store(int keys) {
    a.mov(AT, RDX);
    for (int q = 0; q < queries; q++) {
      if (keys == 1) {
        a.vmovss(Mem.at(AT, 0), sum(q, 0));
      } else {
        a.storeQuarter(Mem.at(AT, 0), sum(q, 0));
      }
      a.add(AT, R9);
    }
  }
}
