package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Ymm;

/**
 * Scalar twin: {@link RoundedRow}. Rounds columns that share a scale to a span of {@link
 * ShortActivations}: s = max|x|/32767, q = x/s to the nearest.
 *
 * <p>rdi = floats, rsi = span, rdx = blocks of 32 columns.
 */
final class Avx2RoundShortsKernel {
  private static final Ymm MAXIMUM = new Ymm(2);
  private static final Ymm OTHER = new Ymm(3);
  private static final Ymm INVERSE = new Ymm(4);
  private static final Ymm ORDER = new Ymm(5);
  private static final Ymm MAGNITUDE = new Ymm(6);

  /** In each half of a register: the two in the middle change places. */
  private static final int MIDDLE_SWAPPED = 0b11_01_10_00;

  /**
   * Lane i of eight bytes: packing to shorts leaves four columns of each of two registers in each
   * half.
   */
  private static final long AFTER_PACKING = 0x0706_0302_0504_0100L;

  private final Avx2Assembler a = new Avx2Assembler();

  private Avx2RoundShortsKernel() {}

  static NativeCode code() {
    return new Avx2RoundShortsKernel().assemble();
  }

  private NativeCode assemble() {
    a.constant(MAGNITUDE, 0x7FFFFFFF);
    a.mov64(Gpr.RAX, AFTER_PACKING);
    a.push(Gpr.RAX);
    a.vpmovsxbd(ORDER, Mem.at(Gpr.RSP, 0));
    a.pop(Gpr.RAX);
    maximum();
    scales();
    Label block = a.label();
    for (int column = 0; column < Activations.COLUMNS; column += 16) {
      codes(column);
    }
    a.add(Gpr.RDI, 4 * Activations.COLUMNS);
    a.add(Gpr.RSI, 2 * Activations.COLUMNS);
    a.sub(Gpr.RDX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** {@link #MAXIMUM} = max|x| in all lanes. */
  private void maximum() {
    // Rows of zeros must not divide by zero; smaller maxima than this round to zero.
    a.constant(MAXIMUM, RoundedRow.SMALLEST);
    a.mov(Gpr.RAX, Gpr.RDI);
    a.mov(Gpr.RCX, Gpr.RDX);
    Label block = a.label();
    for (int column = 0; column < Activations.COLUMNS; column += 8) {
      a.vandps(OTHER, MAGNITUDE, Mem.at(Gpr.RAX, 4 * column));
      a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
    }
    a.add(Gpr.RAX, 4 * Activations.COLUMNS);
    a.sub(Gpr.RCX, 1);
    a.jump(NOT_ZERO, block);
    AcrossLanes.reduce(a, MAXIMUM, OTHER, a::vmaxps);
  }

  private void scales() {
    a.constant(OTHER, (float) ShortActivations.LARGEST);
    a.vdivps(INVERSE, OTHER, MAXIMUM);
    a.constant(OTHER, 1f / ShortActivations.LARGEST);
    a.vmulps(OTHER, MAXIMUM, OTHER);
    a.vmovss(Mem.at(Gpr.RSI, ShortActivations.SCALE), OTHER);
  }

  /** q of sixteen columns. */
  private void codes(int column) {
    Ymm codes = new Ymm(0);
    Ymm last = new Ymm(1);
    rounded(codes, column);
    rounded(last, column + 8);
    a.vpackssdw(codes, codes, last);
    a.vpermd(codes, ORDER, codes);
    a.vmovdqu(Mem.at(Gpr.RSI, ShortActivations.CODES + 2 * column), codes);
  }

  private void rounded(Ymm to, int column) {
    a.vmulps(to, INVERSE, Mem.at(Gpr.RDI, 4 * column));
    a.vcvtps2dq(to, to);
    a.vpermilps(to, to, MIDDLE_SWAPPED);
  }
}
