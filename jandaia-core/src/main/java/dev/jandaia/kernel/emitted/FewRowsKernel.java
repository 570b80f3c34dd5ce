package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R12;
import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RBX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.kernel.emitted.Activations.Field;
import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;
import java.util.Optional;

/**
 * Scalar twin: {@code ScalarWeight} on activations that {@link RoundedRow} has rounded. One to
 * eight rows of activations times all columns of packed weights: decoding, bound by reading the
 * weights once.
 *
 * <p>rdi = packed blocks, rsi = activations, rdx = results, rcx = groups of sixteen weight rows, r8
 * = blocks per row, r9 = bytes from one row of results to the next.
 */
final class FewRowsKernel {
  /** The most rows of activations: each needs two registers. */
  static final int MOST_ROWS = 8;

  private static final Gpr STRIDE = R10;
  private static final Gpr[] ROWS = {RAX, RBX, R12};
  private static final Zmm FACTOR = new Zmm(16);

  private FewRowsKernel() {}

  static NativeCode of(PackedFormat format, int rows) {
    Assembler a = new Assembler();
    a.push(RBX);
    a.push(R12);
    format.constants(a);
    a.imul(STRIDE, R8, Activations.bytes(format.columns()));
    Label group = a.label();
    for (int i = 0; i < rows; i++) {
      a.vpxord(sum(i), sum(i), sum(i));
    }
    Activations.pointers(a, RSI, ROWS, STRIDE);
    a.mov(R11, R8);
    Label block = a.label();
    format.unpack(a, RDI, new Products(a, format, rows));
    a.add(RDI, format.bytes);
    for (Gpr pointer : ROWS) {
      a.add(pointer, Activations.bytes(format.columns()));
    }
    a.sub(R11, 1);
    a.jump(NOT_ZERO, block);
    Activations.pointers(a, RDX, ROWS, R9);
    for (int i = 0; i < rows; i++) {
      a.vmovups(Activations.row(ROWS, R9, i, 0), sum(i));
    }
    a.add(RDX, 64);
    a.sub(RCX, 1);
    a.jump(NOT_ZERO, group);
    a.pop(R12);
    a.pop(RBX);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private static Zmm sum(int row) {
    return new Zmm(row);
  }

  /** Multiplies what is unpacked with every row of activations. */
  private static final class Products implements PackedFormat.Receiver {
    private final Assembler a;
    private final PackedFormat format;
    private final RunShape shape;
    private final int rows;
    private int column;

    Products(Assembler a, PackedFormat format, int rows) {
      this.a = a;
      this.format = format;
      shape = format.shape;
      this.rows = rows;
    }

    private static Zmm inRun(int row) {
      return new Zmm(8 + row);
    }

    private Mem activation(int row, int displacement) {
      return Activations.row(ROWS, STRIDE, row, displacement);
    }

    @Override
    public void begin(int first) {
      column = first;
      int runs = format.columns() / shape.columns();
      Ahead.prefetch(a, RDI, format.bytes, first / shape.columns(), runs);
      Optional<Field> correction = shape.correction(first);
      for (int i = 0; i < rows; i++) {
        if (correction.isPresent()) {
          a.vpbroadcastd(inRun(i), activation(i, Activations.at(first, correction.get())));
        } else {
          a.vpxord(inRun(i), inRun(i), inRun(i));
        }
      }
    }

    @Override
    public void codes(int k, Zmm codes) {
      for (int i = 0; i < rows; i++) {
        a.vpdpbusd(inRun(i), codes, activation(i, Activations.at(column + 4 * k)).toAll());
      }
    }

    @Override
    public void end(Zmm scales, Optional<Zmm> minima) {
      int scale = Activations.at(column, Field.SCALE);
      int scaledSum = Activations.at(column, Field.SCALED_SUM);
      for (int i = 0; i < rows; i++) {
        a.vcvtdq2ps(inRun(i), inRun(i));
        a.vmulps(FACTOR, scales, activation(i, scale).toAll());
        a.vfmadd231ps(sum(i), inRun(i), FACTOR);
        if (minima.isPresent()) {
          a.vfnmadd231ps(sum(i), minima.get(), activation(i, scaledSum).toAll());
        }
      }
    }
  }
}
