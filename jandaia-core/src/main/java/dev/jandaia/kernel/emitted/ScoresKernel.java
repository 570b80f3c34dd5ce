package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorLength;
import dev.jandaia.machinecode.VectorRegister;

/**
 * Scalar twin: {@code CachedRows.get} in {@code ScalarKernels.dots}. One, two or four queries times
 * tiles of cached rows: as many sums as a register has lanes, which are brought together at the end
 * of each tile.
 *
 * <p>{@link RowArguments}, rdx = queries {@code [queries, dim]}, rcx = scores {@code [queries,
 * }{@link RowKernels#MOST}{@code ]}, the number is that of tiles of lanes/queries rows.
 */
final class ScoresKernel<R extends VectorRegister> {
  private final VectorAssembler<R> a;
  private final RowFormat format;
  private final RowLoads<R> rows;
  private final int queries;
  private final int keys;
  private final int sums;

  private ScoresKernel(VectorAssembler<R> a, RowFormat format, int queries) {
    this.a = a;
    this.format = format;
    this.rows = RowLoads.of(a, format);
    this.queries = queries;
    this.keys = keys(a.length(), queries);
    this.sums = a.lanes();
  }

  static NativeCode of(VectorAssembler<?> a, RowFormat format, int queries) {
    return new ScoresKernel<>(a, format, queries).assemble();
  }

  /** Rows of a tile. */
  static int keys(VectorLength length, int queries) {
    return length.lanes() / queries;
  }

  private R sum(int i) {
    return a.register(i);
  }

  private R key(int i) {
    return switch (a.length()) {
      case BITS_512 -> a.register(16 + i % 4);
      case BITS_256 -> a.register(14);
    };
  }

  private R query(int i) {
    return switch (a.length()) {
      case BITS_512 -> a.register(24 + i);
      case BITS_256 -> a.register(8 + i);
    };
  }

  private NativeCode assemble() {
    RowArguments.load(a);
    RowArguments.number(a, R10, 0);
    rows.constants(R11);
    Label tile = a.label();
    for (int i = 0; i < sums; i++) {
      a.zero(sum(i));
    }
    int steps = rows.steps();
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
      a.vmovups(query(q), Mem.at(RDX, 4 * (q * format.dim + step * a.lanes())));
    }
    for (int k = 0; k < keys; k++) {
      rows.load(key(k), RDI, RSI, k, step);
      for (int q = 0; q < queries; q++) {
        a.vfmadd231ps(sum(q * keys + k), query(q), key(k));
      }
    }
  }

  private interface Shuffle<R> {
    void write(R to, R a, R b);
  }

  /** Lane i of the first register becomes the sum of all lanes of register i. */
  private void bringTogether() {
    halve(
        1,
        (to, left, right) -> a.vshufps(to, left, right, 0b01_00_01_00),
        (to, left, right) -> a.vshufps(to, left, right, 0b11_10_11_10));
    halve(
        2,
        (to, left, right) -> a.vshufps(to, left, right, 0b10_00_10_00),
        (to, left, right) -> a.vshufps(to, left, right, 0b11_01_11_01));
    for (int distance = 4; distance < sums; distance *= 2) {
      halve(distance, a::evenQuarters, a::oddQuarters);
    }
  }

  /** Adds one half of the lanes of registers to the other; two neighbours share the result. */
  private void halve(int distance, Shuffle<R> one, Shuffle<R> other) {
    for (int i = 0; i < sums; i += 2 * distance) {
      R left = sum(i);
      R right = sum(i + distance);
      R temporary = key(i / (2 * distance));
      one.write(temporary, left, right);
      other.write(left, left, right);
      a.vaddps(left, left, temporary);
    }
  }

  private void store() {
    for (int q = 0; q < queries; q++) {
      a.storePart(Mem.at(RCX, 4 * RowKernels.MOST * q), sum(0), q, queries, sum(1));
    }
  }
}
