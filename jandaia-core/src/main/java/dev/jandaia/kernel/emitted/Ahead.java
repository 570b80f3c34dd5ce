package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.GeneralAssembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;

/**
 * Asks for weights before they are needed. The processor's own prefetching stops at every page and
 * never runs far ahead, and what it and the first-level cache can wait for at once is little: so
 * every line is asked for twice, two pages ahead to the second-level cache and one page ahead from
 * there to the first. That reads at 93 to 97% of the bandwidth of a plain read, asking once at 80
 * to 96%, not at all at 64% (docs/log.md).
 */
final class Ahead {
  private static final int PAGE = 4096;
  private static final int LINE = 64;

  /** Far enough for a loop that goes through two places in short steps. */
  private static final int NEAR = 1024;

  private Ahead() {}

  /**
   * Asks for what lies one and two pages after the bytes [from, to) at {@code pointer}. Whoever
   * reads many lines should ask for a few at a time: together they wait for each other.
   */
  static void prefetch(GeneralAssembler a, Gpr pointer, int from, int to) {
    for (int at = Math.ceilDiv(from, LINE) * LINE; at < to; at += LINE) {
      a.prefetcht1(Mem.at(pointer, 2 * PAGE + at));
      a.prefetcht0(Mem.at(pointer, PAGE + at));
    }
  }

  /**
   * As {@link #prefetch(GeneralAssembler, Gpr, int, int)}, for one of {@code parts} equal parts.
   */
  static void prefetch(GeneralAssembler a, Gpr pointer, int bytes, int part, int parts) {
    prefetch(a, pointer, bytes * part / parts, bytes * (part + 1) / parts);
  }

  /**
   * Asks once, and not so far ahead, for one of {@code parts} equal parts: where a loop reads in
   * two places in turns, in steps so short that the processor's own prefetching follows both. That
   * reads at 82 to 96% of a plain read on Zen 3, asking as above at 74 to 88%.
   */
  static void prefetchNear(GeneralAssembler a, Gpr pointer, int bytes, int part, int parts) {
    int to = bytes * (part + 1) / parts;
    for (int at = Math.ceilDiv(bytes * part / parts, LINE) * LINE; at < to; at += LINE) {
      a.prefetcht0(Mem.at(pointer, NEAR + at));
    }
  }
}
