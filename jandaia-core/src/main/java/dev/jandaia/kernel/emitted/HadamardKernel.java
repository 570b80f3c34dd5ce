package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.AcrossLanes.NEIGHBOUR;
import static dev.jandaia.kernel.emitted.AcrossLanes.OTHER_HALF;
import static dev.jandaia.machinecode.Condition.NOT_ZERO;
import static dev.jandaia.machinecode.Condition.ZERO;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.NativeMemory;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Scalar twin: {@code ScalarKernels.transform}. The Walsh–Hadamard transform in place, by
 * butterflies: within registers first, then between them.
 *
 * <p>rdi = array, rcx = bytes before its first element, the number on the stack is how many there
 * are, a power of two, at least the lanes of a register; xmm0 = a factor for all of them.
 */
final class HadamardKernel<R extends VectorRegister> {
  private static final Gpr X = Gpr.RDI;
  private static final Gpr OTHER = Gpr.RSI;
  private static final Gpr BLOCKS = Gpr.R8;
  private static final Gpr DISTANCE = Gpr.R9;
  private static final Gpr LEFT = Gpr.R10;
  private static final Gpr PART = Gpr.R11;

  private final VectorAssembler<R> a;
  private final R factor;
  private final R values;
  private final R swapped;

  /** Butterflies within a register. */
  private final int stages;

  private HadamardKernel(VectorAssembler<R> a) {
    this.a = a;
    this.factor = a.register(0);
    this.values = a.register(1);
    this.swapped = a.register(2);
    this.stages = Integer.numberOfTrailingZeros(a.lanes());
  }

  static NativeCode code(VectorAssembler<?> a) {
    return new HadamardKernel<>(a).assemble();
  }

  private NativeCode assemble() {
    MemorySegment signs = signs();
    a.add(X, Gpr.RCX);
    a.vbroadcastss(factor, factor);
    a.mov64(Gpr.RAX, signs.address());
    for (int stage = 0; stage < stages; stage++) {
      a.vmovups(sign(stage), Mem.at(Gpr.RAX, a.bytes() * stage));
    }
    a.mov(BLOCKS, Mem.at(Gpr.RSP, 8));
    a.shr(BLOCKS, stages);
    within();
    Label done = new Label();
    a.mov32(DISTANCE, 1);
    a.shr(BLOCKS, 1);
    a.jump(ZERO, done);
    between();
    a.place(done);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private R sign(int stage) {
    return a.register(8 + stage);
  }

  /** For each stage 1 where the lower of a pair is, −1 where the upper. */
  private MemorySegment signs() {
    MemorySegment signs = NativeMemory.allocate((long) stages * a.bytes(), Arena.global());
    for (int i = 0; i < stages * a.lanes(); i++) {
      boolean upper = (i % a.lanes() & 1 << i / a.lanes()) != 0;
      signs.setAtIndex(JAVA_FLOAT, i, upper ? -1 : 1);
    }
    return signs;
  }

  private void within() {
    a.mov(OTHER, X);
    a.mov(LEFT, BLOCKS);
    Label block = a.label();
    a.vmulps(values, factor, Mem.at(OTHER, 0));
    for (int stage = 0; stage < stages; stage++) {
      switch (stage) {
        case 0 -> a.vpermilps(swapped, values, NEIGHBOUR);
        case 1 -> a.vpermilps(swapped, values, OTHER_HALF);
        default -> a.exchangeQuarters(swapped, values, stage - 1);
      }
      a.vfmadd213ps(values, sign(stage), swapped);
    }
    a.vmovups(Mem.at(OTHER, 0), values);
    a.add(OTHER, a.bytes());
    a.sub(LEFT, 1);
    a.jump(NOT_ZERO, block);
  }

  /**
   * Each pass pairs registers {@code DISTANCE} apart. {@code BLOCKS} is half their number at first,
   * and in each pass the number of pairs of parts.
   */
  private void between() {
    Label pass = a.label();
    a.imul(Gpr.RAX, DISTANCE, a.bytes());
    a.mov(PART, BLOCKS);
    a.mov(OTHER, X);
    Label part = a.label();
    a.mov(LEFT, DISTANCE);
    Label pair = a.label();
    a.vmovups(values, Mem.at(OTHER, 0));
    a.vmovups(swapped, Mem.at(OTHER, Gpr.RAX, 1, 0));
    a.vaddps(factor, values, swapped);
    a.vsubps(values, values, swapped);
    a.vmovups(Mem.at(OTHER, 0), factor);
    a.vmovups(Mem.at(OTHER, Gpr.RAX, 1, 0), values);
    a.add(OTHER, a.bytes());
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
