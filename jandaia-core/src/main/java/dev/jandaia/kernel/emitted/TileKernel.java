package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R8;

import dev.jandaia.kernel.emitted.Activations.Field;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code ScalarWeight} on activations that {@link RoundedRow} has rounded, 32 columns
 * to a scale. Computes, or adds to, up to six rows of results, 32 columns wide. Prefill, bound by
 * arithmetic; results stay in registers over all columns.
 *
 * <p>Arguments of {@link ByteTile}, and r8 = blocks of 32 columns.
 */
final class TileKernel extends ByteTile {
  private static final Zmm[] SCALES = {new Zmm(27), new Zmm(28)};
  private static final Zmm FACTOR = new Zmm(29);

  private TileKernel(RunShape shape, int rows) {
    super(shape, rows);
  }

  static NativeCode of(RunShape shape, int rows, Onto onto) {
    return new TileKernel(shape, rows).assemble(onto);
  }

  private NativeCode assemble(Onto onto) {
    a.imul(SECOND_PANEL, R8, shape.runs() * shape.panelBytes());
    pointers();
    forEach((row, panel) -> onto.begin(a, sum(row, panel), result(row, panel)));
    Label block = a.label();
    for (int run = 0; run < shape.runs(); run++) {
      multiplyRun(run);
      end(run);
    }
    advance();
    a.sub(R8, 1);
    a.jump(NOT_ZERO, block);
    forEach((row, panel) -> a.vmovups(result(row, panel), sum(row, panel)));
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private void end(int run) {
    for (int panel = 0; panel < PANELS; panel++) {
      a.vmovups(SCALES[panel], panel(panel, run, shape.scalesAt()));
    }
    forEach((row, panel) -> {
      Zmm inRun = inRun(row, panel);
      a.vcvtdq2ps(inRun, inRun);
      a.vmulps(FACTOR, SCALES[panel], activation(row, Field.SCALE.at()).toAll());
      a.vfmadd231ps(sum(row, panel), inRun, FACTOR);
    });
  }
}
