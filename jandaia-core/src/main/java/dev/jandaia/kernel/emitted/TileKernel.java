package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Assembler.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.kernel.emitted.Activations.Field;
import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;
import java.util.Optional;

/**
 * Scalar twin: {@code ScalarWeight} on activations that {@link RoundedRow} has rounded. Computes,
 * or adds to, up to six rows of results, 32 columns wide: the products of as many rows of
 * activations with two neighbouring panels. Prefill, bound by arithmetic; results stay in registers
 * over all columns.
 *
 * <p>rdi = first panel, rsi = activations, rdx = results, rcx = bytes from one row of activations
 * to the next, r8 = blocks of 32 columns, r9 = bytes from one row of results to the next.
 */
final class TileKernel {
  /** Rows of activations in a tile. */
  static final int ROWS = 6;

  private static final int PANELS = 2;
  private static final Gpr SECOND_PANEL = R10;
  private static final Gpr[] ACTIVATIONS = {RSI, R11};
  private static final Gpr[] RESULTS = {RDX, RAX};
  private static final Zmm[] CODES = {new Zmm(24), new Zmm(25)};
  private static final Zmm ACTIVATION = new Zmm(26);
  private static final Zmm[] SCALES = {new Zmm(27), new Zmm(28)};
  private static final Zmm FACTOR = new Zmm(29);

  private final Assembler a = new Assembler();
  private final RunShape shape;
  private final int rows;
  private final Onto onto;

  private TileKernel(RunShape shape, int rows, Onto onto) {
    this.shape = shape;
    this.rows = rows;
    this.onto = onto;
  }

  static NativeCode of(RunShape shape, int rows, Onto onto) {
    return new TileKernel(shape, rows, onto).assemble();
  }

  private static Zmm sum(int row, int panel) {
    return new Zmm(PANELS * row + panel);
  }

  private static Zmm inRun(int row, int panel) {
    return new Zmm(PANELS * (ROWS + row) + panel);
  }

  private NativeCode assemble() {
    int blockBytes = shape.runs() * shape.panelBytes();
    a.imul(SECOND_PANEL, R8, blockBytes);
    Activations.pointers(a, RSI, ACTIVATIONS, RCX);
    Activations.pointers(a, RDX, RESULTS, R9);
    forEach((row, panel) -> onto.begin(a, sum(row, panel), result(row, panel)));
    Label block = a.label();
    for (int run = 0; run < shape.runs(); run++) {
      multiplyRun(run);
    }
    a.add(RDI, blockBytes);
    for (Gpr pointer : ACTIVATIONS) {
      a.add(pointer, Activations.BYTES);
    }
    a.sub(R8, 1);
    a.jump(NOT_ZERO, block);
    forEach((row, panel) -> a.vmovups(result(row, panel), sum(row, panel)));
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private void multiplyRun(int run) {
    int column = run * shape.columns();
    begin(shape.correction(column));
    for (int k = 0; k < shape.columns() / 4; k++) {
      for (int panel = 0; panel < PANELS; panel++) {
        a.vmovdqu32(CODES[panel], panel(panel, run, 64 * k));
      }
      for (int row = 0; row < rows; row++) {
        a.vpbroadcastd(ACTIVATION, activation(row, Activations.at(column + 4 * k)));
        for (int panel = 0; panel < PANELS; panel++) {
          a.vpdpbusd(inRun(row, panel), CODES[panel], ACTIVATION);
        }
      }
    }
    end(run);
  }

  private void begin(Optional<Field> correction) {
    for (int row = 0; row < rows; row++) {
      Zmm first = inRun(row, 0);
      if (correction.isPresent()) {
        a.vpbroadcastd(first, activation(row, correction.get().at()));
        a.vmovdqu32(inRun(row, 1), first);
      } else {
        a.vpxord(first, first, first);
        a.vpxord(inRun(row, 1), first, first);
      }
    }
  }

  private void end(int run) {
    int scales = 16 * shape.columns();
    for (int panel = 0; panel < PANELS; panel++) {
      a.vmovups(SCALES[panel], panel(panel, run, scales));
    }
    forEach((row, panel) -> {
      Zmm inRun = inRun(row, panel);
      a.vcvtdq2ps(inRun, inRun);
      a.vmulps(FACTOR, SCALES[panel], activation(row, Field.SCALE.at()).toAll());
      a.vfmadd231ps(sum(row, panel), inRun, FACTOR);
    });
    if (shape.minimum()) {
      for (int panel = 0; panel < PANELS; panel++) {
        a.vmovups(SCALES[panel], panel(panel, run, scales + 64));
      }
      forEach((row, panel) -> {
        Mem scaledSum = activation(row, Field.SCALED_SUM.at()).toAll();
        a.vfnmadd231ps(sum(row, panel), SCALES[panel], scaledSum);
      });
    }
  }

  private Mem activation(int row, int displacement) {
    return Activations.row(ACTIVATIONS, RCX, row, displacement);
  }

  private Mem result(int row, int panel) {
    return Activations.row(RESULTS, R9, row, 64 * panel);
  }

  private Mem panel(int panel, int run, int displacement) {
    int at = run * shape.panelBytes() + displacement;
    return panel == 0 ? Mem.at(RDI, at) : Mem.at(RDI, SECOND_PANEL, 1, at);
  }

  private interface Cell {
    void write(int row, int panel);
  }

  private void forEach(Cell cell) {
    for (int row = 0; row < rows; row++) {
      for (int panel = 0; panel < PANELS; panel++) {
        cell.write(row, panel);
      }
    }
  }
}
