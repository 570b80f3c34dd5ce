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

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mask;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code ScalarKernels.dots}. Up to four queries times a run of keys, four keys at a
 * time and the last ones singly: one sum for each pair, whose lanes are added at its end.
 *
 * <p>{@link FloatArguments}: queries, keys, scores {@code [queries, keys]}; numbers are those of
 * keys (at least one) and of steps of sixteen columns, the mask that of the columns after them.
 */
final class FewDotsKernel {
  /** The most queries. */
  static final int QUERIES = 4;

  private static final int KEYS = 4;
  private static final Gpr[] QUERY = {RDI, RBP, RBX, R12};
  private static final Gpr[] KEY = {RSI, R13, R14, R15};
  private static final Gpr[] KEPT = {RBX, RBP, R12, R13, R14, R15};
  private static final Gpr LEFT = RCX;
  private static final Gpr STEPS = R11;
  private static final Gpr AT = R10;
  private static final Mask LAST = new Mask(1);

  private final Assembler a = new Assembler();
  private final int queries;

  private FewDotsKernel(int queries) {
    this.queries = queries;
  }

  static NativeCode of(int queries) {
    return new FewDotsKernel(queries).assemble();
  }

  private static Zmm sum(int query, int key) {
    return new Zmm(KEYS * query + key);
  }

  private static Zmm query(int i) {
    return new Zmm(16 + i);
  }

  private static Zmm key(int i) {
    return new Zmm(24 + i);
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
        a.vpxord(sum(q, k), sum(q, k), sum(q, k));
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
    a.add(AT, 64);
    a.sub(STEPS, 1);
    a.jump(NOT_ZERO, step);
    a.place(rest);
    FloatArguments.lanes(a, LAST, 0, KEPT.length);
    a.test(RAX, RAX);
    a.jump(ZERO, done);
    for (int q = 0; q < queries; q++) {
      a.vpxord(query(q), query(q), query(q));
      a.vmovups(query(q), LAST, Mem.at(QUERY[q], AT, 1, 0));
    }
    for (int k = 0; k < keys; k++) {
      a.vpxord(key(k), key(k), key(k));
      a.vmovups(key(k), LAST, Mem.at(KEY[k], AT, 1, 0));
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
    Zmm all = sum(q, 0);
    if (keys == KEYS) {
      addPairs(all, sum(q, 1), 0b01_00_01_00, 0b11_10_11_10);
      addPairs(sum(q, 2), sum(q, 3), 0b01_00_01_00, 0b11_10_11_10);
      addPairs(all, sum(q, 2), 0b10_00_10_00, 0b11_01_11_01);
    }
    Zmm other = key(q);
    a.vshuff32x4(other, all, all, 0b01_00_11_10);
    a.vaddps(all, all, other);
    a.vshuff32x4(other, all, all, 0b10_11_00_01);
    a.vaddps(all, all, other);
    if (keys == 1) {
      a.vpermilps(other, all, 0b01_00_11_10);
      a.vaddps(all, all, other);
      a.vpermilps(other, all, 0b10_11_00_01);
      a.vaddps(all, all, other);
    }
  }

  private void addPairs(Zmm left, Zmm right, int one, int other) {
    Zmm temporary = key(0);
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
        a.vextracti32x4(Mem.at(AT, 0), sum(q, 0), 0);
      }
      a.add(AT, R9);
    }
  }
}
