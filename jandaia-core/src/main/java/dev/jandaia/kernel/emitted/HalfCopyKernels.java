package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;

/** Scalar twin: {@code BlockCodec}. Packs weights of sixteen bits, and unpacks them to panels. */
final class HalfCopyKernels {
  private HalfCopyKernels() {}

  /** rdi = packed, rsi = first row, rdx = sixteen starts of rows, rcx = blocks per row. */
  static NativeCode pack(HalfFormat format) {
    Assembler a = new Assembler();
    a.vmovdqu32(PackedFormat.ROW_STARTS, Mem.at(Gpr.RDX, 0));
    Label block = a.label();
    format.pack(a);
    a.add(Gpr.RDI, HalfFormat.BYTES);
    a.add(Gpr.RSI, 2 * HalfFormat.COLUMNS);
    a.sub(Gpr.RCX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** rdi = packed, rsi = panel {@code [steps, 16]}, rdx = blocks. */
  static NativeCode panel(HalfFormat format) {
    Assembler a = new Assembler();
    format.constants(a);
    Label block = a.label();
    format.unpack(a, Gpr.RDI, (step, weights) -> a.vmovups(Mem.at(Gpr.RSI, 64 * step), weights));
    a.add(Gpr.RDI, HalfFormat.BYTES);
    a.add(Gpr.RSI, format.panelBytes());
    a.sub(Gpr.RDX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }
}
