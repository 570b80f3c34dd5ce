package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorLength;
import dev.jandaia.machinecode.VectorRegister;

/**
 * Scalar twin: {@code ScalarKernels.rotatePairs}. Rotates pairs of neighbours, as many at a time as
 * fit a register.
 *
 * <p>rdi, rsi, rdx = x, cosines, sines; rcx, r8, r9 = bytes from their starts to the first
 * elements; the number on the stack = registers of pairs; xmm0 = the sign of the angle.
 */
final class RotatePairsKernel<R extends VectorRegister> {

  /** The order of a quarter's floats in which neighbours change places. */
  private static final int SWAPPED = 0b10_11_00_01;

  private final VectorAssembler<R> a;
  private final R signs;
  private final R copies;
  private final R values;
  private final R neighbours;
  private final R cosines;
  private final R sines;

  private RotatePairsKernel(VectorAssembler<R> a) {
    this.a = a;
    this.signs = a.register(0);
    this.copies = a.register(1);
    this.values = a.register(2);
    this.neighbours = a.register(3);
    this.cosines = a.register(4);
    this.sines = a.register(5);
  }

  static NativeCode code(VectorAssembler<?> a) {
    return new RotatePairsKernel<>(a).assemble();
  }

  /** Pairs of a register. */
  static int pairs(VectorLength length) {
    return length.lanes() / 2;
  }

  private NativeCode assemble() {
    a.add(Gpr.RDI, Gpr.RCX);
    a.add(Gpr.RSI, Gpr.R8);
    a.add(Gpr.RDX, Gpr.R9);
    a.mov(Gpr.R10, Mem.at(Gpr.RSP, 8));
    loadSigns();
    Label again = a.label();
    twice(cosines, Gpr.RSI);
    twice(sines, Gpr.RDX);
    a.vmulps(sines, sines, signs);
    a.vmovups(values, Mem.at(Gpr.RDI, 0));
    a.vpermilps(neighbours, values, SWAPPED);
    a.vmulps(values, values, cosines);
    a.vmulps(neighbours, neighbours, sines);
    a.vaddps(values, values, neighbours);
    a.vmovups(Mem.at(Gpr.RDI, 0), values);
    a.add(Gpr.RDI, a.bytes());
    a.add(Gpr.RSI, a.bytes() / 2);
    a.add(Gpr.RDX, a.bytes() / 2);
    a.sub(Gpr.R10, 1);
    a.jump(NOT_ZERO, again);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** The sine counts minus for the first of a pair, plus for the second. */
  private void loadSigns() {
    a.vbroadcastss(copies, a.register(0));
    lanes(signs, 0x01FF_01FF_01FF_01FFL, 0x01FF_01FF_01FF_01FFL);
    a.vcvtdq2ps(signs, signs);
    a.vmulps(signs, signs, copies);
    lanes(copies, 0x0707_0606_0505_0404L, 0x0303_0202_0101_0000L);
  }

  /** Signed bytes, of which there are sixteen, as ints; the lowest of {@code low} comes first. */
  private void lanes(R to, long high, long low) {
    a.mov64(Gpr.RAX, high);
    a.push(Gpr.RAX);
    a.mov64(Gpr.RAX, low);
    a.push(Gpr.RAX);
    a.vpmovsxbd(to, Mem.at(Gpr.RSP, 0));
    a.add(Gpr.RSP, 16);
  }

  /** Each float for both elements of a pair. */
  private void twice(R to, Gpr from) {
    a.loadHalf(to, Mem.at(from, 0));
    a.vpermps(to, copies, to);
  }
}
