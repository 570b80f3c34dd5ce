package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Processor;
import dev.jandaia.machinecode.Zmm;

/** Scalar twin: none, it measures. Which of two instructions does more work in the same time. */
final class InstructionRace {
  /** Independent sums: more than the latency of either instruction can hide. */
  private static final int SUMS = 16;

  private static final int TURNS = 2000;
  private static final int HEATS = 7;

  private InstructionRace() {}

  /**
   * Whether the processor has {@code vdpbf16ps}, two products a lane, and takes less time for it
   * than for two {@code vfmadd231ps}.
   */
  static boolean bfloatPairsWin() {
    return Processor.ask().bf16() && pairsWin();
  }

  private static boolean pairsWin() {
    Zmm factor = new Zmm(31);
    NativeCode pairs = loop((a, sum) -> a.vdpbf16ps(sum, factor, factor));
    NativeCode singles =
        loop((a, sum) -> {
          a.vfmadd231ps(sum, factor, factor);
          a.vfmadd231ps(sum, factor, factor);
        });
    long pairTime = Long.MAX_VALUE;
    long singleTime = Long.MAX_VALUE;
    for (int heat = 0; heat < HEATS; heat++) {
      pairTime = Math.min(pairTime, time(pairs));
      singleTime = Math.min(singleTime, time(singles));
    }
    return pairTime < singleTime;
  }

  private interface Step {
    void write(Assembler a, Zmm sum);
  }

  private static NativeCode loop(Step step) {
    Assembler a = new Assembler();
    for (int i = 0; i < 32; i++) {
      a.vpxord(new Zmm(i), new Zmm(i), new Zmm(i));
    }
    Label turn = a.label();
    for (int i = 0; i < SUMS; i++) {
      step.write(a, new Zmm(i));
    }
    a.sub(Gpr.RDI, 1);
    a.jump(NOT_ZERO, turn);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private static long time(NativeCode code) {
    long start = System.nanoTime();
    code.call(TURNS, 0, 0, 0);
    return System.nanoTime() - start;
  }
}
