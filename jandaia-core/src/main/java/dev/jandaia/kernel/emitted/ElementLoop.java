package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.LESS;
import static dev.jandaia.machinecode.Condition.NOT_LESS;
import static dev.jandaia.machinecode.Condition.ZERO;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mask;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * The frame of kernels that walk through arrays of floats: sixteen elements at a time, the last few
 * under a mask.
 *
 * <p>rdi, rsi, rdx = arrays; rcx, r8, r9 = bytes from their starts to the first elements; the
 * number on the stack = how many elements; xmm0 = a float, and the result.
 */
abstract class ElementLoop {
  /** What arrays have outside their last elements. */
  static final Zmm OUTSIDE = new Zmm(31);

  /** The float that was passed, in all lanes. */
  static final Zmm FACTOR = new Zmm(30);

  /** The first array, at the first elements of a pass. */
  static final Gpr X = Gpr.RDI;

  static final Gpr Y = Gpr.RSI;
  static final Gpr Z = Gpr.RDX;

  private static final Gpr LEFT = Gpr.R10;
  private static final Mask LAST = new Mask(1);
  private static final int LANES = 16;
  private static final int BYTES = 4 * LANES;

  final Assembler a = new Assembler();
  private final int together;
  private boolean masked;

  /**
   * @param together registers of elements in a pass: more than one where passes wait for each other
   */
  ElementLoop(int together) {
    this.together = together;
  }

  /** Loads constants and what sums begin with. */
  abstract void begin();

  /**
   * What happens to sixteen elements.
   *
   * @param i which of those of a pass
   */
  abstract void step(int i);

  /** Leaves the result in xmm0, if there is one. */
  void end() {}

  final NativeCode assemble() {
    a.add(X, Gpr.RCX);
    a.add(Y, Gpr.R8);
    a.add(Z, Gpr.R9);
    a.mov(LEFT, Mem.at(Gpr.RSP, 8));
    a.vbroadcastss(FACTOR, new Zmm(0));
    a.vpxord(OUTSIDE, OUTSIDE, OUTSIDE);
    begin();
    if (together > 1) {
      passes(together);
    }
    passes(1);
    Label done = new Label();
    a.test(LEFT, LEFT);
    a.jump(ZERO, done);
    lowest(LAST, LEFT);
    masked = true;
    step(0);
    a.place(done);
    end();
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** Passes of {@code registers} each, while there are so many elements. */
  private void passes(int registers) {
    Label none = new Label();
    a.sub(LEFT, registers * LANES);
    a.jump(LESS, none);
    Label again = a.label();
    for (int i = 0; i < registers; i++) {
      step(i);
    }
    for (Gpr array : new Gpr[] {X, Y, Z}) {
      a.add(array, registers * BYTES);
    }
    a.sub(LEFT, registers * LANES);
    a.jump(NOT_LESS, again);
    a.place(none);
    a.add(LEFT, registers * LANES);
  }

  /** The first {@code count} lanes. */
  private void lowest(Mask lanes, Gpr count) {
    a.mov32(Gpr.RAX, -1);
    a.bzhi32(Gpr.RAX, Gpr.RAX, count);
    a.kmovw(lanes, Gpr.RAX);
  }

  final void load(Zmm to, Gpr array, int i) {
    if (masked) {
      a.vmovups(to, OUTSIDE);
      a.vmovups(to, LAST, Mem.at(array, 0));
    } else {
      a.vmovups(to, Mem.at(array, i * BYTES));
    }
  }

  final void store(Gpr array, int i, Zmm from) {
    if (masked) {
      a.vmovups(Mem.at(array, 0), LAST, from);
    } else {
      a.vmovups(Mem.at(array, i * BYTES), from);
    }
  }
}
