package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.kernel.emitted.Activations.Field;
import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Ymm;

/**
 * Scalar twin: {@code ScalarWeight} on activations that {@link RoundedRow} has rounded. One row of
 * activations times rows of Q8_0 as they are stored: {@link StoredRowsKernel} in registers of 256
 * bits.
 *
 * <p>rdi = first weight row, rsi = activations, rdx = results, rcx = weight rows, r8 = blocks per
 * row.
 */
final class Avx2StoredRowsKernel {
  private static final int BLOCK = 34;
  private static final int CODES_AT = 2;
  private static final Ymm SUM = new Ymm(0);
  private static final Ymm CODES = new Ymm(1);
  private static final Ymm PRODUCT = new Ymm(2);
  private static final Ymm SCALE = new Ymm(3);
  private static final Ymm OTHER = new Ymm(4);
  private static final Ymm ONES = new Ymm(5);

  private Avx2StoredRowsKernel() {}

  static NativeCode code() {
    Avx2Assembler a = new Avx2Assembler();
    a.constant(ONES, 0x00010001);
    Label row = a.label();
    a.vpxor(SUM, SUM, SUM);
    a.mov(RAX, RSI);
    a.mov(R11, R8);
    Label block = a.label();
    multiply(a);
    Ahead.prefetch(a, RDI, 0, BLOCK);
    a.add(RDI, BLOCK);
    a.add(RAX, Activations.BYTES);
    a.sub(R11, 1);
    a.jump(NOT_ZERO, block);
    AcrossLanes.reduce(a, SUM, OTHER, a::vaddps);
    a.vmovss(Mem.at(RDX, 0), SUM);
    a.add(RDX, 4);
    a.sub(RCX, 1);
    a.jump(NOT_ZERO, row);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** sum += scale·codes·q, the codes' signs moved to q. */
  private static void multiply(Avx2Assembler a) {
    a.vmovdqu(CODES, Mem.at(RDI, CODES_AT));
    a.vmovdqu(PRODUCT, Mem.at(RAX, 0));
    a.vpsignb(PRODUCT, PRODUCT, CODES);
    a.vpabsb(CODES, CODES);
    a.vpmaddubsw(PRODUCT, CODES, PRODUCT);
    a.vpmaddwd(PRODUCT, PRODUCT, ONES);
    a.vcvtdq2ps(PRODUCT, PRODUCT);
    a.movzxw(R10, Mem.at(RDI, 0));
    a.vmovd(SCALE, R10);
    a.vcvtph2ps(SCALE, SCALE);
    a.vbroadcastss(SCALE, SCALE);
    a.vbroadcastss(OTHER, Mem.at(RAX, Field.SCALE.at()));
    a.vmulps(SCALE, SCALE, OTHER);
    a.vfmadd231ps(SUM, PRODUCT, SCALE);
  }
}
