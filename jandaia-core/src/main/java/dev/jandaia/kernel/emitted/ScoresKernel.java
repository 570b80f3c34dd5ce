package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
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
 * Scalar twin: {@code CachedRows.get} in {@code ScalarKernels.dots}. One, two or four queries times
 * tiles of cached rows: sixteen sums, which are brought together at the end of each tile.
 *
 * <p>{@link RowArguments}, rdx = queries {@code [queries, dim]}, rcx = scores {@code [queries,
 * }{@link RowKernels#MOST}{@code ]}, the number is that of tiles of 16/queries rows.
 */
final class ScoresKernel {
  private static final int SUMS = 16;

  private final Assembler a = new Assembler();
  private final RowFormat format;
  private final int queries;
  private final int keys;

  private ScoresKernel(RowFormat format, int queries) {
    this.format = format;
    this.queries = queries;
    this.keys = SUMS / queries;
  }

  static NativeCode of(RowFormat format, int queries) {
    return new ScoresKernel(format, queries).assemble();
  }

  private static Zmm sum(int i) {
    return new Zmm(i);
  }

  private static Zmm key(int i) {
    return new Zmm(16 + i % 4);
  }

  private static Zmm query(int i) {
    return new Zmm(24 + i);
  }

  private NativeCode assemble() {
    RowArguments.load(a);
    RowArguments.number(a, R10, 0);
    format.constants(a);
    Label tile = a.label();
    for (int i = 0; i < SUMS; i++) {
      a.vpxord(sum(i), sum(i), sum(i));
    }
    int steps = format.dim / RowFormat.STEP;
    for (int step = 0; step < steps; step++) {
      RowArguments.prefetch(a, format, RDI, keys, step, steps);
      multiply(step);
    }
    bringTogether();
    store();
    a.add(RDI, keys * format.rowBytes());
    a.add(RSI, keys * format.otherBytes());
    RowArguments.advance(a, format, keys);
    a.add(RCX, 4 * keys);
    a.sub(R10, 1);
    a.jump(NOT_ZERO, tile);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private void multiply(int step) {
    for (int q = 0; q < queries; q++) {
      a.vmovups(query(q), Mem.at(RDX, 4 * (q * format.dim + step * RowFormat.STEP)));
    }
    for (int k = 0; k < keys; k++) {
      format.load(a, key(k), RDI, RSI, k, step);
      for (int q = 0; q < queries; q++) {
        a.vfmadd231ps(sum(q * keys + k), query(q), key(k));
      }
    }
  }

  private interface Shuffle {
    void write(Zmm to, Zmm a, Zmm b, int selection);
  }

  /** Lane i of the first register becomes the sum of all lanes of register i. */
  private void bringTogether() {
    halve(1, 0b01_00_01_00, 0b11_10_11_10, a::vshufps);
    halve(2, 0b10_00_10_00, 0b11_01_11_01, a::vshufps);
    halve(4, 0b10_00_10_00, 0b11_01_11_01, a::vshuff32x4);
    halve(8, 0b10_00_10_00, 0b11_01_11_01, a::vshuff32x4);
  }

  /** Adds one half of the lanes of registers to the other; two neighbours share the result. */
  private void halve(int distance, int one, int other, Shuffle shuffle) {
    for (int i = 0; i < SUMS; i += 2 * distance) {
      Zmm left = sum(i);
      Zmm right = sum(i + distance);
      Zmm temporary = key(i / (2 * distance));
      shuffle.write(temporary, left, right, one);
      shuffle.write(left, left, right, other);
      a.vaddps(left, left, temporary);
    }
  }

  private void store() {
    for (int q = 0; q < queries; q++) {
      Mem to = Mem.at(RCX, 4 * RowKernels.MOST * q);
      switch (queries) {
        case 1 -> a.vmovups(to, sum(0));
        case 2 -> a.vextracti32x8(to, sum(0), q);
        default -> a.vextracti32x4(to, sum(0), q);
      }
    }
  }
}
