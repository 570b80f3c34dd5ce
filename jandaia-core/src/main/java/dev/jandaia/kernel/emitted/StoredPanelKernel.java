package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Assembler.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: that of {@link TileKernel}, which reads what this writes. Sixteen rows of Q8_0 as
 * they are stored, to a panel: for each run of columns unsigned codes and scales.
 *
 * <p>rdi = panel, rsi = first stored block of the first row, rdx = sixteen ints: where each row
 * begins, counted from the first, rcx = blocks.
 */
final class StoredPanelKernel {
  private static final int BLOCK = 34;
  private static final int CODES = 2;
  private static final int FLIP_SIGNS = 0x80808080;
  private static final Zmm WORDS = new Zmm(0);
  private static final Zmm SIGNS = new Zmm(1);
  private static final Zmm ROW_STARTS = new Zmm(2);

  private StoredPanelKernel() {}

  static NativeCode of(RunShape shape) {
    Assembler a = new Assembler();
    PackedFormat.constant(a, SIGNS, FLIP_SIGNS);
    a.vmovdqu32(ROW_STARTS, Mem.at(Gpr.RDX, 0));
    Label block = a.label();
    int words = shape.columns() / 4;
    for (int k = 0; k < words; k++) {
      a.vpgatherdd(WORDS, Gpr.RSI, ROW_STARTS, CODES + 4 * k);
      a.vpxord(WORDS, WORDS, SIGNS);
      a.vmovdqu32(Mem.at(Gpr.RDI, 64 * k), WORDS);
    }
    a.vpgatherdd(WORDS, Gpr.RSI, ROW_STARTS, 0);
    // The lower halves of the lanes, by way of the place where the scales will be.
    Mem scales = Mem.at(Gpr.RDI, 64 * words);
    a.vpmovdw(scales, WORDS);
    a.vcvtph2ps(WORDS, scales);
    a.vmovups(scales, WORDS);
    a.add(Gpr.RDI, shape.panelBytes());
    a.add(Gpr.RSI, BLOCK);
    a.sub(Gpr.RCX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }
}
