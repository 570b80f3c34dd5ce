package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Ymm;
import java.util.Optional;

/**
 * Scalar twin: that of {@link Avx2SuperTileKernel}, which reads what this writes. Unpacks blocks of
 * sixteen rows, whose runs are scaled by integers, to an {@link Avx2SuperPanel}.
 *
 * <p>rdi = packed blocks, rsi = panel, rdx = blocks.
 */
final class Avx2SuperPanelKernel {
  private static final Ymm LOW = new Ymm(0);
  private static final Ymm HIGH = new Ymm(1);

  private final Avx2Assembler a = new Avx2Assembler();
  private final Avx2SuperFormat format;
  private final Avx2SuperPanel panel;

  private Avx2SuperPanelKernel(Avx2SuperFormat format) {
    this.format = format;
    this.panel = new Avx2SuperPanel(format.shape);
  }

  static NativeCode of(Avx2SuperFormat format) {
    return new Avx2SuperPanelKernel(format).assemble();
  }

  private NativeCode assemble() {
    format.constants(a);
    Label block = a.label();
    for (int half = 0; half < 2; half++) {
      for (int run = 0; run < format.runs(); run++) {
        storeRun(half, run);
      }
      a.vcvtph2ps(LOW, format.blockScales(Gpr.RDI, half));
      a.vmovups(at(half, panel.runsBytes() + panel.blockScale()), LOW);
      for (int step = 0; step < Avx2SuperPanel.STEPS; step++) {
        storeCorrection(half, step);
      }
    }
    a.add(Gpr.RDI, format.bytes);
    a.add(Gpr.RSI, panel.bytes());
    a.sub(Gpr.RDX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private static Mem at(int half, int displacement) {
    return Mem.at(Gpr.RSI, displacement + Avx2Format.HALF * half);
  }

  private void storeRun(int half, int run) {
    int start = run * panel.runBytes();
    format.codes(a, Gpr.RDI, half, run, (k, codes) -> a.vmovdqu(at(half, start + 64 * k), codes));
    scales(half, run, run);
    a.vmovdqu(at(half, start + panel.runScale()), LOW);
  }

  private void storeCorrection(int half, int step) {
    Optional<Mem> minima = format.minima(Gpr.RDI, half, step);
    if (minima.isPresent()) {
      format.product(a, LOW, minima.get(), step, format.blockMinima(Gpr.RDI, half));
    } else {
      scales(half, 2 * step, 2 * step + 1);
    }
    a.vmovdqu(at(half, panel.runsBytes() + panel.correction(step)), LOW);
  }

  /** {@link #LOW} = the s of two runs, two shorts for each row. */
  private void scales(int half, int low, int high) {
    format.integers(a, LOW, format.scales(Gpr.RDI, half, low), low);
    format.integers(a, HIGH, format.scales(Gpr.RDI, half, high), high);
    a.vpslld(LOW, LOW, Short.SIZE);
    a.vpsrld(LOW, LOW, Short.SIZE);
    a.vpslld(HIGH, HIGH, Short.SIZE);
    a.vpor(LOW, LOW, HIGH);
  }
}
