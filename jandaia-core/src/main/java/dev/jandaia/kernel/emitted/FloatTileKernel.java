package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.LESS;
import static dev.jandaia.machinecode.Condition.NOT_LESS;
import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Condition.ZERO;
import static dev.jandaia.machinecode.Gpr.R10;
import static dev.jandaia.machinecode.Gpr.R11;
import static dev.jandaia.machinecode.Gpr.R12;
import static dev.jandaia.machinecode.Gpr.R13;
import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RBX;
import static dev.jandaia.machinecode.Gpr.RCX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RDX;
import static dev.jandaia.machinecode.Gpr.RSI;

import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.LaneMask;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorLength;
import dev.jandaia.machinecode.VectorRegister;
import java.util.ArrayList;
import java.util.List;

/**
 * Scalar twin: {@code ScalarKernels.weightedSums}. Tiles of a few rows of A times a panel {@code
 * [depth, columns]} of {@link PanelCopyKernel} or {@link TransposeKernel}, one tile after the
 * other: C = A·panel, or C += A·panel. Sums stay in registers over the whole depth.
 *
 * <p>{@link FloatArguments}: A, panel, C; numbers are those of tiles (at least one) and of the
 * depth, the mask that of the columns of C that are wanted.
 */
final class FloatTileKernel<R extends VectorRegister> {
  /** Registers in a row of a panel. */
  static final int HALVES = 2;

  /** Columns of A between two looks at the counter. */
  private static final int STEPS = 4;

  private static final Gpr[] POINTERS = {RAX, RBX, R12, R13};
  private static final int PUSHED = POINTERS.length - 1;
  private static final Gpr TILES = R10;
  private static final Gpr DEPTH = R11;
  private static final Gpr PANEL = R8;

  private final VectorAssembler<R> a;
  private final int rows;
  private final Onto onto;
  private final int panelBytes;
  private final List<LaneMask<R>> wanted = new ArrayList<>();

  private FloatTileKernel(VectorAssembler<R> a, int rows, Onto onto) {
    this.a = a;
    this.rows = rows;
    this.onto = onto;
    this.panelBytes = HALVES * a.bytes();
    for (int half = 0; half < HALVES; half++) {
      wanted.add(a.mask(1 + half, panel(half), element(0)));
    }
  }

  /** For tiles of {@code rows} rows. */
  static NativeCode of(VectorAssembler<?> a, int rows, Onto onto) {
    return new FloatTileKernel<>(a, rows, onto).assemble();
  }

  /** Rows of a tile: their sums leave registers for a row of the panel, and for elements of A. */
  static int rows(VectorLength length) {
    return switch (length) {
      case BITS_512 -> 12;
      case BITS_256 -> 6;
    };
  }

  /** Columns of a panel. */
  static int columns(VectorLength length) {
    return HALVES * length.lanes();
  }

  private R sum(int row, int half) {
    return a.register(HALVES * row + half);
  }

  private R panel(int half) {
    return a.register(HALVES * rows(a.length()) + half);
  }

  private R element(int row) {
    int first = HALVES * rows(a.length()) + HALVES;
    return a.register(first + row % Math.min(4, a.registers() - first));
  }

  private NativeCode assemble() {
    for (int i = 1; i < POINTERS.length; i++) {
      a.push(POINTERS[i]);
    }
    FloatArguments.load(a);
    FloatArguments.number(a, TILES, 0, PUSHED);
    switch (a.length()) {
      case BITS_512 -> {
        loadMasks();
        tiles(true, () -> {});
      }
      case BITS_256 -> {
        Label some = new Label();
        FloatArguments.lanes(a, wanted.get(0), 0, PUSHED);
        a.cmp(RAX, (1 << HALVES * a.lanes()) - 1);
        a.jump(NOT_ZERO, some);
        tiles(false, () -> {});
        a.place(some);
        tiles(true, this::loadMasks);
      }
    }
    return new NativeCode(a);
  }

  /**
   * All tiles, and the way back.
   *
   * @param masked whether fewer columns than those of the panel are wanted
   * @param loadMasks what loads masks that are not kept: they share registers with the panel
   */
  private void tiles(boolean masked, Runnable loadMasks) {
    Label tile = a.label();
    if (onto == Onto.RESULTS) {
      loadMasks.run();
    }
    begin(masked);
    multiply();
    loadMasks.run();
    end(masked);
    advance(RDI, RCX);
    advance(RDX, R9);
    a.sub(TILES, 1);
    a.jump(NOT_ZERO, tile);
    for (int i = POINTERS.length - 1; i > 0; i--) {
      a.pop(POINTERS[i]);
    }
    a.vzeroupper();
    a.ret();
  }

  private void loadMasks() {
    for (int half = 0; half < HALVES; half++) {
      FloatArguments.lanes(a, wanted.get(half), half, PUSHED);
    }
  }

  private void begin(boolean masked) {
    Activations.pointers(a, RDX, POINTERS, R9);
    for (int row = 0; row < rows; row++) {
      for (int half = 0; half < HALVES; half++) {
        a.zero(sum(row, half));
        if (onto == Onto.RESULTS && masked) {
          wanted.get(half).load(sum(row, half), result(row, half));
        } else if (onto == Onto.RESULTS) {
          a.vmovups(sum(row, half), result(row, half));
        }
      }
    }
  }

  private void multiply() {
    Label rest = new Label();
    Label done = new Label();
    Activations.pointers(a, RDI, POINTERS, RCX);
    a.mov(PANEL, RSI);
    FloatArguments.number(a, DEPTH, 1, PUSHED);
    a.sub(DEPTH, STEPS);
    a.jump(LESS, rest);
    Label steps = a.label();
    multiply(STEPS);
    a.sub(DEPTH, STEPS);
    a.jump(NOT_LESS, steps);
    a.place(rest);
    a.add(DEPTH, STEPS);
    a.jump(ZERO, done);
    Label step = a.label();
    multiply(1);
    a.sub(DEPTH, 1);
    a.jump(NOT_ZERO, step);
    a.place(done);
  }

  private void multiply(int steps) {
    for (int step = 0; step < steps; step++) {
      for (int half = 0; half < HALVES; half++) {
        a.vmovups(panel(half), Mem.at(PANEL, panelBytes * step + a.bytes() * half));
      }
      for (int row = 0; row < rows; row++) {
        R element = element(row);
        a.vbroadcastss(element, Activations.row(POINTERS, RCX, row, 4 * step));
        for (int half = 0; half < HALVES; half++) {
          a.vfmadd231ps(sum(row, half), panel(half), element);
        }
      }
    }
    a.add(PANEL, panelBytes * steps);
    for (Gpr pointer : POINTERS) {
      a.add(pointer, 4 * steps);
    }
  }

  private void end(boolean masked) {
    Activations.pointers(a, RDX, POINTERS, R9);
    for (int row = 0; row < rows; row++) {
      for (int half = 0; half < HALVES; half++) {
        if (masked) {
          wanted.get(half).store(result(row, half), sum(row, half));
        } else {
          a.vmovups(result(row, half), sum(row, half));
        }
      }
    }
  }

  private Mem result(int row, int half) {
    return Activations.row(POINTERS, R9, row, a.bytes() * half);
  }

  /** Goes on by the rows of a tile. */
  private void advance(Gpr matrix, Gpr stride) {
    a.imul(RAX, stride, rows);
    a.add(matrix, RAX);
  }
}
