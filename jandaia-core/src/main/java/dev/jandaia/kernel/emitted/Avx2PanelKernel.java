package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Ymm;

/**
 * Scalar twin: that of {@link Avx2TileKernel} and {@link Avx2ShortsTileKernel}, which read what
 * this writes. Unpacks blocks of sixteen rows to a panel: for each the codes and scales ({@link
 * RunShape#panelBytes}). Many rows of activations share the work.
 *
 * <p>rdi = packed blocks, rsi = panel, rdx = blocks.
 */
final class Avx2PanelKernel {
  private static final Ymm SHORTS = new Ymm(0);

  private Avx2PanelKernel() {}

  static NativeCode of(Avx2RunFormat format) {
    Avx2Assembler a = new Avx2Assembler();
    format.constants(a);
    Label block = a.label();
    for (int half = 0; half < 2; half++) {
      format.unpack(a, Gpr.RDI, half, new Stores(a, format, half));
    }
    a.add(Gpr.RDI, format.bytes);
    a.add(Gpr.RSI, format.shape.panelBytes());
    a.sub(Gpr.RDX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private static final class Stores implements Avx2RunFormat.Receiver {
    private final Avx2Assembler a;
    private final Avx2RunFormat format;
    private final RunShape shape;
    private final int half;

    Stores(Avx2Assembler a, Avx2RunFormat format, int half) {
      this.a = a;
      this.format = format;
      this.shape = format.shape;
      this.half = half;
    }

    private Mem at(int displacement) {
      return Mem.at(Gpr.RSI, displacement + Avx2Format.HALF * half);
    }

    @Override
    public void begin() {}

    @Override
    public void codes(int k, Ymm codes) {
      if (format.codes == Avx2Codes.SIGNED) {
        storeShorts(k, codes);
      } else {
        a.vmovdqu(at(64 * k), codes);
      }
    }

    /** The first and third column, and then the others, as {@link ShortActivations} wants them. */
    private void storeShorts(int k, Ymm codes) {
      a.vpsllw(SHORTS, codes, 8);
      a.vpsraw(SHORTS, SHORTS, 8);
      a.vmovdqu(at(128 * k), SHORTS);
      a.vpsraw(SHORTS, codes, 8);
      a.vmovdqu(at(128 * k + 64), SHORTS);
    }

    @Override
    public void end(Ymm scales) {
      a.vmovups(at(shape.scalesAt()), scales);
    }
  }
}
