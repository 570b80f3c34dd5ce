package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Ymm;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code ScalarKernels.rotatePairs}. Rotates pairs of neighbours, eight at a time.
 *
 * <p>rdi, rsi, rdx = x, cosines, sines; rcx, r8, r9 = bytes from their starts to the first
 * elements; the number on the stack = eights of pairs; xmm0 = the sign of the angle.
 */
final class RotatePairsKernel {
  static final int PAIRS = 8;

  private static final Zmm SIGNS = new Zmm(0);
  private static final Zmm COPIES = new Zmm(1);
  private static final Zmm VALUES = new Zmm(2);
  private static final Zmm NEIGHBOURS = new Zmm(3);
  private static final Zmm COSINES = new Zmm(4);
  private static final Zmm SINES = new Zmm(5);

  /** The order of a quarter's floats in which neighbours change places. */
  private static final int SWAPPED = 0b10_11_00_01;

  private final Assembler a = new Assembler();

  private RotatePairsKernel() {}

  static NativeCode code() {
    return new RotatePairsKernel().assemble();
  }

  private NativeCode assemble() {
    a.add(Gpr.RDI, Gpr.RCX);
    a.add(Gpr.RSI, Gpr.R8);
    a.add(Gpr.RDX, Gpr.R9);
    a.mov(Gpr.R10, Mem.at(Gpr.RSP, 8));
    signs();
    Label again = a.label();
    twice(COSINES, Gpr.RSI);
    twice(SINES, Gpr.RDX);
    a.vmulps(SINES, SINES, SIGNS);
    a.vmovups(VALUES, Mem.at(Gpr.RDI, 0));
    a.vpermilps(NEIGHBOURS, VALUES, SWAPPED);
    a.vmulps(VALUES, VALUES, COSINES);
    a.vmulps(NEIGHBOURS, NEIGHBOURS, SINES);
    a.vaddps(VALUES, VALUES, NEIGHBOURS);
    a.vmovups(Mem.at(Gpr.RDI, 0), VALUES);
    a.add(Gpr.RDI, 8 * PAIRS);
    a.add(Gpr.RSI, 4 * PAIRS);
    a.add(Gpr.RDX, 4 * PAIRS);
    a.sub(Gpr.R10, 1);
    a.jump(NOT_ZERO, again);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** The sine counts minus for the first of a pair, plus for the second. */
  private void signs() {
    a.vbroadcastss(COPIES, new Zmm(0));
    lanes(SIGNS, 0x01FF_01FF_01FF_01FFL, 0x01FF_01FF_01FF_01FFL);
    a.vcvtdq2ps(SIGNS, SIGNS);
    a.vmulps(SIGNS, SIGNS, COPIES);
    lanes(COPIES, 0x0707_0606_0505_0404L, 0x0303_0202_0101_0000L);
  }

  /** Sixteen signed bytes as ints; the lowest of {@code low} comes first. */
  private void lanes(Zmm to, long high, long low) {
    a.mov64(Gpr.RAX, high);
    a.push(Gpr.RAX);
    a.mov64(Gpr.RAX, low);
    a.push(Gpr.RAX);
    a.vpmovsxbd(to, Mem.at(Gpr.RSP, 0));
    a.add(Gpr.RSP, 16);
  }

  /** Each of eight floats for both elements of a pair. */
  private void twice(Zmm to, Gpr from) {
    a.vmovups(new Ymm(to.number()), Mem.at(from, 0));
    a.vpermps(to, COPIES, to);
  }
}
