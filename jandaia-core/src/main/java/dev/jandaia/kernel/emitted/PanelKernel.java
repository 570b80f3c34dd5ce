package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;
import java.util.Optional;

/**
 * Scalar twin: that of {@link TileKernel}, which reads what this writes. Unpacks blocks of sixteen
 * rows to a panel: for each run of columns its codes, scales and minima ({@link
 * RunShape#panelBytes}). Many rows of activations share the work.
 *
 * <p>rdi = packed blocks, rsi = panel, rdx = blocks.
 */
final class PanelKernel {
  private PanelKernel() {}

  static NativeCode of(PackedFormat format) {
    Assembler a = new Assembler();
    format.constants(a);
    int runs = format.columns() / format.shape.columns();
    Label block = a.label();
    format.unpack(a, Gpr.RDI, new Stores(a, format.shape));
    a.add(Gpr.RDI, format.bytes);
    a.add(Gpr.RSI, runs * format.shape.panelBytes());
    a.sub(Gpr.RDX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private static final class Stores implements PackedFormat.Receiver {
    private final Assembler a;
    private final RunShape shape;
    private int start;

    Stores(Assembler a, RunShape shape) {
      this.a = a;
      this.shape = shape;
    }

    @Override
    public void begin(int column) {
      start = column / shape.columns() * shape.panelBytes();
    }

    @Override
    public void codes(int k, Zmm codes) {
      a.vmovdqu32(Mem.at(Gpr.RSI, start + 64 * k), codes);
    }

    @Override
    public void end(Zmm scales, Optional<Zmm> minima) {
      int at = start + 16 * shape.columns();
      a.vmovups(Mem.at(Gpr.RSI, at), scales);
      minima.ifPresent(values -> a.vmovups(Mem.at(Gpr.RSI, at + 64), values));
    }
  }
}
