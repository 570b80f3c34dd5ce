package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;

/**
 * Scalar twin: none, it moves bits; its output is tested by what the products make of it. Packs
 * sixteen rows.
 *
 * <p>rdi = packed blocks, rsi = first stored block of the first row, rdx = sixteen ints: where each
 * row begins, counted from the first, rcx = blocks per row.
 */
final class PackKernel {
  private PackKernel() {}

  static NativeCode of(PackedFormat format) {
    Assembler a = new Assembler();
    format.constants(a);
    a.vmovdqu32(PackedFormat.ROW_STARTS, Mem.at(Gpr.RDX, 0));
    Label block = a.label();
    format.pack(a);
    a.add(Gpr.RDI, format.bytes);
    a.add(Gpr.RSI, format.dtype.blockBytes());
    a.sub(Gpr.RCX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }
}
