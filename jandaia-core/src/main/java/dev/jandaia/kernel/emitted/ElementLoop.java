package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.LESS;
import static dev.jandaia.machinecode.Condition.NOT_LESS;
import static dev.jandaia.machinecode.Condition.ZERO;

import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.LaneMask;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/**
 * The frame of kernels that walk through arrays of floats: a register of elements at a time, the
 * last few under a mask. The four registers with the highest numbers belong to it.
 *
 * <p>rdi, rsi, rdx = arrays; rcx, r8, r9 = bytes from their starts to the first elements; the
 * number on the stack = how many elements; xmm0 = a float, and the result.
 */
abstract class ElementLoop<R extends VectorRegister> {
  /** The first array, at the first elements of a pass. */
  static final Gpr X = Gpr.RDI;

  static final Gpr Y = Gpr.RSI;
  static final Gpr Z = Gpr.RDX;

  private static final Gpr LEFT = Gpr.R10;

  final VectorAssembler<R> a;

  /** What arrays have outside their last elements. */
  final R outside;

  /** The float that was passed, in all lanes. */
  final R factor;

  private final int together;
  private final LaneMask<R> last;
  private boolean masked;

  /**
   * @param together registers of elements in a pass: more than one where passes wait for each other
   */
  ElementLoop(VectorAssembler<R> a, int together) {
    this.a = a;
    this.together = together;
    int most = a.registers();
    this.outside = a.register(most - 1);
    this.factor = a.register(most - 2);
    this.last = a.mask(1, a.register(most - 3), a.register(most - 4));
  }

  /** Loads constants and what sums begin with. */
  abstract void begin();

  /**
   * What happens to a register of elements.
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
    a.vbroadcastss(factor, a.register(0));
    a.zero(outside);
    begin();
    if (together > 1) {
      passes(together);
    }
    passes(1);
    Label done = new Label();
    a.test(LEFT, LEFT);
    a.jump(ZERO, done);
    a.mov32(Gpr.RAX, -1);
    a.bzhi32(Gpr.RAX, Gpr.RAX, LEFT);
    last.set(Gpr.RAX);
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
    a.sub(LEFT, registers * a.lanes());
    a.jump(LESS, none);
    Label again = a.label();
    for (int i = 0; i < registers; i++) {
      step(i);
    }
    for (Gpr array : new Gpr[] {X, Y, Z}) {
      a.add(array, registers * a.bytes());
    }
    a.sub(LEFT, registers * a.lanes());
    a.jump(NOT_LESS, again);
    a.place(none);
    a.add(LEFT, registers * a.lanes());
  }

  final void load(R to, Gpr array, int i) {
    if (masked) {
      last.load(to, outside, Mem.at(array, 0));
    } else {
      a.vmovups(to, Mem.at(array, i * a.bytes()));
    }
  }

  final void store(Gpr array, int i, R from) {
    if (masked) {
      last.store(Mem.at(array, 0), from);
    } else {
      a.vmovups(Mem.at(array, i * a.bytes()), from);
    }
  }
}
