package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.AcrossLanes.NEIGHBOUR;
import static dev.jandaia.kernel.emitted.AcrossLanes.OTHER_HALF;
import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Condition.ZERO;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.NativeMemory;
import dev.jandaia.machinecode.Zmm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Scalar twin: {@code ScalarKernels.transform}. The Walsh–Hadamard transform in place, by
 * butterflies: within registers first, then between them.
 *
 * <p>rdi = array, rcx = bytes before its first element, the number on the stack is how many there
 * are, a power of two from sixteen on; xmm0 = a factor for all of them.
 */
final class HadamardKernel {
  /** The fewest elements. */
  static final int LEAST = 16;

  private static final int BYTES = 4 * LEAST;
  private static final int STAGES = 4;
  private static final Gpr X = Gpr.RDI;
  private static final Gpr OTHER = Gpr.RSI;
  private static final Gpr BLOCKS = Gpr.R8;
  private static final Gpr DISTANCE = Gpr.R9;
  private static final Gpr LEFT = Gpr.R10;
  private static final Gpr PART = Gpr.R11;
  private static final Zmm FACTOR = new Zmm(0);
  private static final Zmm VALUES = new Zmm(1);
  private static final Zmm SWAPPED = new Zmm(2);

  private HadamardKernel() {}

  static NativeCode code() {
    MemorySegment signs = signs();
    Assembler a = new Assembler();
    a.add(X, Gpr.RCX);
    a.vbroadcastss(FACTOR, FACTOR);
    a.mov64(Gpr.RAX, signs.address());
    for (int stage = 0; stage < STAGES; stage++) {
      a.vmovups(sign(stage), Mem.at(Gpr.RAX, BYTES * stage));
    }
    a.mov(BLOCKS, Mem.at(Gpr.RSP, 8));
    a.shr(BLOCKS, 4);
    within(a);
    Label done = new Label();
    a.mov32(DISTANCE, 1);
    a.shr(BLOCKS, 1);
    a.jump(ZERO, done);
    between(a);
    a.place(done);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private static Zmm sign(int stage) {
    return new Zmm(8 + stage);
  }

  /** For each stage 1 where the lower of a pair is, −1 where the upper. */
  private static MemorySegment signs() {
    MemorySegment signs = NativeMemory.allocate(STAGES * BYTES, Arena.global());
    for (int i = 0; i < STAGES * LEAST; i++) {
      boolean upper = (i % LEAST & 1 << i / LEAST) != 0;
      signs.setAtIndex(JAVA_FLOAT, i, upper ? -1 : 1);
    }
    return signs;
  }

  private static void within(Assembler a) {
    a.mov(OTHER, X);
    a.mov(LEFT, BLOCKS);
    Label block = a.label();
    a.vmulps(VALUES, FACTOR, Mem.at(OTHER, 0));
    for (int stage = 0; stage < STAGES; stage++) {
      int order = stage % 2 == 0 ? NEIGHBOUR : OTHER_HALF;
      if (stage < 2) {
        a.vpermilps(SWAPPED, VALUES, order);
      } else {
        a.vshuff32x4(SWAPPED, VALUES, VALUES, order);
      }
      a.vfmadd213ps(VALUES, sign(stage), SWAPPED);
    }
    a.vmovups(Mem.at(OTHER, 0), VALUES);
    a.add(OTHER, BYTES);
    a.sub(LEFT, 1);
    a.jump(NOT_ZERO, block);
  }

  /**
   * Each pass pairs registers {@code DISTANCE} apart. {@code BLOCKS} is half their number at first,
   * and in each pass the number of pairs of parts.
   */
  private static void between(Assembler a) {
    Label pass = a.label();
    a.imul(Gpr.RAX, DISTANCE, BYTES);
    a.mov(PART, BLOCKS);
    a.mov(OTHER, X);
    Label part = a.label();
    a.mov(LEFT, DISTANCE);
    Label pair = a.label();
    a.vmovups(VALUES, Mem.at(OTHER, 0));
    a.vmovups(SWAPPED, Mem.at(OTHER, Gpr.RAX, 1, 0));
    a.vaddps(FACTOR, VALUES, SWAPPED);
    a.vsubps(VALUES, VALUES, SWAPPED);
    a.vmovups(Mem.at(OTHER, 0), FACTOR);
    a.vmovups(Mem.at(OTHER, Gpr.RAX, 1, 0), VALUES);
    a.add(OTHER, BYTES);
    a.sub(LEFT, 1);
    a.jump(NOT_ZERO, pair);
    a.add(OTHER, Gpr.RAX);
    a.sub(PART, 1);
    a.jump(NOT_ZERO, part);
    a.add(DISTANCE, DISTANCE);
    a.shr(BLOCKS, 1);
    a.jump(NOT_ZERO, pass);
  }
}
