package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Assembler.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code BlockCodec.of(DType.BF16)}. Rounds floats to bfloat16, ties to even.
 *
 * <p>rdi = floats, rsi = bfloat16, rdx = blocks of 32.
 */
final class BfloatRoundKernel {
  private static final Zmm VALUES = new Zmm(0);

  private BfloatRoundKernel() {}

  static NativeCode code() {
    Assembler a = new Assembler();
    Label block = a.label();
    for (int half = 0; half < 2; half++) {
      a.vmovups(VALUES, Mem.at(Gpr.RDI, 64 * half));
      a.vcvtneps2bf16(VALUES, VALUES);
      a.vextracti32x8(Mem.at(Gpr.RSI, 32 * half), VALUES, 0);
    }
    a.add(Gpr.RDI, 4 * BfloatKernels.COLUMNS);
    a.add(Gpr.RSI, BfloatKernels.ACTIVATION_BYTES);
    a.sub(Gpr.RDX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }
}
