package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Assembler.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/** Scalar twin: none, they move bits. Packing and copying of bfloat16 weights. */
final class BfloatCopyKernels {
  private static final Zmm VALUES = new Zmm(0);
  private static final Zmm STARTS = new Zmm(1);

  private BfloatCopyKernels() {}

  /** rdi = packed, rsi = first row, rdx = sixteen starts of rows, rcx = blocks per row. */
  static NativeCode pack() {
    Assembler a = new Assembler();
    a.vmovdqu32(STARTS, Mem.at(Gpr.RDX, 0));
    Label block = a.label();
    for (int pair = 0; pair < BfloatKernels.COLUMNS / 2; pair++) {
      a.vpgatherdd(VALUES, Gpr.RSI, STARTS, 4 * pair);
      a.vmovdqu32(Mem.at(Gpr.RDI, 64 * pair), VALUES);
    }
    a.add(Gpr.RDI, BfloatKernels.BLOCK_BYTES);
    a.add(Gpr.RSI, 2 * BfloatKernels.COLUMNS);
    a.sub(Gpr.RCX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** rdi = packed, rsi = panel, rdx = blocks. */
  static NativeCode copy() {
    Assembler a = new Assembler();
    Label block = a.label();
    for (int at = 0; at < BfloatKernels.BLOCK_BYTES; at += 64) {
      a.vmovdqu32(VALUES, Mem.at(Gpr.RDI, at));
      a.vmovdqu32(Mem.at(Gpr.RSI, at), VALUES);
    }
    a.add(Gpr.RDI, BfloatKernels.BLOCK_BYTES);
    a.add(Gpr.RSI, BfloatKernels.BLOCK_BYTES);
    a.sub(Gpr.RDX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }
}
