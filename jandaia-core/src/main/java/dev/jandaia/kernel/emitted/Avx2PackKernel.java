package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.LESS;
import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import java.util.function.Consumer;

/**
 * Scalar twin: none, it moves bits; its output is tested by what the products make of it. Packs
 * sixteen rows, one after the other within each block.
 *
 * <p>rdi = packed blocks, rsi = first stored block of the first row, rdx = sixteen ints: where each
 * row begins, counted from the first, rcx = blocks per row.
 */
final class Avx2PackKernel {
  /** Bytes from a row to that of the next sixteen. */
  private static final Gpr NEXT_GROUP = Gpr.R9;

  private Avx2PackKernel() {}

  static NativeCode of(Avx2Format format) {
    int storedBytes = format.dtype.blockBytes();
    return of(format.bytes, storedBytes, format::packRow, format::packBlock);
  }

  static NativeCode of(Avx2HalfFormat format) {
    return of(Avx2HalfFormat.BYTES, 2 * Avx2HalfFormat.COLUMNS, format::packRow, _ -> {});
  }

  private static NativeCode of(
      int bytes, int storedBytes, Consumer<Avx2Assembler> row, Consumer<Avx2Assembler> rest) {
    Avx2Assembler a = new Avx2Assembler();
    a.mov32(NEXT_GROUP, Mem.at(Gpr.RDX, 4));
    a.imul(NEXT_GROUP, NEXT_GROUP, PackedFormat.ROWS);
    Label block = a.label();
    a.mov32(Avx2Format.TWICE_ROW, 0);
    Label nextRow = a.label();
    a.mov32(Avx2Format.STORED, Mem.at(Gpr.RDX, Avx2Format.TWICE_ROW, 2, 0));
    a.add(Avx2Format.STORED, Gpr.RSI);
    for (int line = 0; line < storedBytes; line += 64) {
      a.prefetcht1(Mem.at(Avx2Format.STORED, NEXT_GROUP, 1, line));
    }
    row.accept(a);
    a.add(Avx2Format.TWICE_ROW, 2);
    a.cmp(Avx2Format.TWICE_ROW, 2 * PackedFormat.ROWS);
    a.jump(LESS, nextRow);
    rest.accept(a);
    a.add(Gpr.RDI, bytes);
    a.add(Gpr.RSI, storedBytes);
    a.sub(Gpr.RCX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }
}
