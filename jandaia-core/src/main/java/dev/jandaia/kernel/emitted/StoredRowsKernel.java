package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.AcrossLanes.NEIGHBOUR;
import static dev.jandaia.kernel.emitted.AcrossLanes.OTHER_HALF;
import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.kernel.emitted.Activations.Field;
import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Ymm;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code ScalarWeight} on activations that {@link RoundedRow} has rounded. One row of
 * activations times rows of Q8_0 as they are stored: decoding, bound by reading the weights once. A
 * lane sums every eighth group of four columns, so each row ends with a sum over lanes.
 *
 * <p>rdi = first weight row, rsi = activations, rdx = results, rcx = weight rows, r8 = blocks per
 * row.
 */
final class StoredRowsKernel {
  private static final int BLOCK = 34;
  private static final int CODES = 2;
  private static final int FLIP_SIGNS = 0x80808080;
  private static final Ymm SIGNS = new Ymm(16);
  private static final Ymm CODE = new Ymm(17);
  private static final Ymm PRODUCT = new Ymm(18);
  private static final Ymm SCALE = new Ymm(19);
  private static final Ymm SUM = new Ymm(0);

  private StoredRowsKernel() {}

  static NativeCode code() {
    Assembler a = new Assembler();
    a.constant(SIGNS.whole(), FLIP_SIGNS);
    Label row = a.label();
    a.vpxord(SUM.whole(), SUM.whole(), SUM.whole());
    a.mov(RAX, RSI);
    a.mov(R11, R8);
    Label block = a.label();
    multiply(a);
    Ahead.prefetch(a, RDI, 0, BLOCK);
    a.add(RDI, BLOCK);
    a.add(RAX, Activations.BYTES);
    a.sub(R11, 1);
    a.jump(NOT_ZERO, block);
    addLanes(a, SUM.whole());
    a.vmovss(Mem.at(RDX, 0), SUM.whole());
    a.add(RDX, 4);
    a.sub(RCX, 1);
    a.jump(NOT_ZERO, row);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** sum += scale·(codes + 128)·q − scale·128·Σq, which leaves scale·codes·q. */
  private static void multiply(Assembler a) {
    a.vpxord(CODE, SIGNS, Mem.at(RDI, CODES));
    a.vpbroadcastd(PRODUCT, Mem.at(RAX, Field.MINUS_16_SUMS.at()));
    a.vpdpbusd(PRODUCT, CODE, Mem.at(RAX, 0));
    a.vcvtdq2ps(PRODUCT, PRODUCT);
    a.vpbroadcastw(SCALE, Mem.at(RDI, 0));
    a.vcvtph2ps(SCALE, SCALE);
    a.vmulps(SCALE, SCALE, Mem.at(RAX, Field.SCALE.at()).toAll());
    a.vfmadd231ps(SUM, PRODUCT, SCALE);
  }

  private static void addLanes(Assembler a, Zmm sum) {
    Zmm other = PRODUCT.whole();
    a.vshuff32x4(other, sum, sum, NEIGHBOUR);
    a.vaddps(sum, sum, other);
    a.vpermilps(other, sum, OTHER_HALF);
    a.vaddps(sum, sum, other);
    a.vpermilps(other, sum, NEIGHBOUR);
    a.vaddps(sum, sum, other);
  }
}
