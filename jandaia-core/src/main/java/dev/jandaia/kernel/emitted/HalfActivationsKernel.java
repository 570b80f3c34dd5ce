package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code BlockCodec.of(DType.BF16)}, or a copy. Brings floats into the form that a
 * format multiplies: bfloat16, rounded to the nearest, ties to even, or floats as they are.
 *
 * <p>rdi = floats, rsi = activations, rdx = blocks of 32.
 */
final class HalfActivationsKernel {
  private static final Zmm VALUES = new Zmm(0);

  private HalfActivationsKernel() {}

  static NativeCode of(HalfFormat format) {
    Assembler a = new Assembler();
    Label block = a.label();
    for (int half = 0; half < 2; half++) {
      a.vmovups(VALUES, Mem.at(Gpr.RDI, 64 * half));
      if (format == HalfFormat.BF16_PAIRS) {
        a.vcvtneps2bf16(VALUES, VALUES);
        a.vextracti32x8(Mem.at(Gpr.RSI, 32 * half), VALUES, 0);
      } else {
        a.vmovups(Mem.at(Gpr.RSI, 64 * half), VALUES);
      }
    }
    a.add(Gpr.RDI, 4 * HalfFormat.COLUMNS);
    a.add(Gpr.RSI, format.activationBytes());
    a.sub(Gpr.RDX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }
}
