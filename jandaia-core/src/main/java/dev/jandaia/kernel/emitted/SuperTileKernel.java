package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.RBX;

import dev.jandaia.kernel.emitted.Activations.Field;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code ScalarWeight} on activations that {@link RoundedRow} has rounded, 256 columns
 * to a scale. As {@link TileKernel}, but the scale of the activations is multiplied once per 256
 * columns, when their sum goes to the results in memory.
 *
 * <p>Arguments of {@link ByteTile}, and r8 = blocks of 256 columns.
 */
final class SuperTileKernel extends ByteTile {
  private static final int BLOCKS = 8;
  private static final Zmm[] SCALES = {new Zmm(27), new Zmm(28)};

  private SuperTileKernel(RunShape shape, int rows) {
    super(shape, rows);
  }

  static NativeCode of(RunShape shape, int rows, Onto onto) {
    return new SuperTileKernel(shape, rows).assemble(onto);
  }

  private NativeCode assemble(Onto onto) {
    a.push(RBX);
    a.imul(SECOND_PANEL, R8, BLOCKS * shape.runs() * shape.panelBytes());
    pointers();
    if (onto == Onto.ZERO) {
      a.vpxord(sum(0, 0), sum(0, 0), sum(0, 0));
      forEach((row, panel) -> a.vmovups(result(row, panel), sum(0, 0)));
    }
    Label superblock = a.label();
    forEach((row, panel) -> a.vpxord(sum(row, panel), sum(row, panel), sum(row, panel)));
    a.mov32(RBX, BLOCKS);
    Label block = a.label();
    for (int run = 0; run < shape.runs(); run++) {
      multiplyRun(run);
      end(run);
    }
    advance();
    a.sub(RBX, 1);
    a.jump(NOT_ZERO, block);
    addToResults();
    a.sub(R8, 1);
    a.jump(NOT_ZERO, superblock);
    a.pop(RBX);
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
      a.vfmadd231ps(sum(row, panel), inRun, SCALES[panel]);
    });
    if (shape.minimum()) {
      for (int panel = 0; panel < PANELS; panel++) {
        a.vmovups(SCALES[panel], panel(panel, run, shape.minimaAt()));
      }
      forEach((row, panel) -> {
        Mem codeSum = activation(row, Field.SUM.at()).toAll();
        a.vfnmadd231ps(sum(row, panel), SCALES[panel], codeSum);
      });
    }
  }

  private void addToResults() {
    int behind = Field.SCALE.at() - Activations.BYTES;
    forEach((row, panel) -> {
      Zmm result = inRun(row, panel);
      a.vmovups(result, result(row, panel));
      a.vfmadd231ps(result, sum(row, panel), activation(row, behind).toAll());
      a.vmovups(result(row, panel), result);
    });
  }
}
