package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;

/**
 * Asks for weights before they are needed. The processor's own prefetching stops at every page and
 * never runs far ahead: asking a page ahead reads up to a third faster (docs/performance.md).
 */
final class Ahead {
  private static final int DISTANCE = 4096;
  private static final int LINE = 64;

  private Ahead() {}

  /** Prefetches what lies a page after the next {@code bytes} at {@code pointer}. */
  static void prefetch(Assembler a, Gpr pointer, int bytes) {
    prefetch(a, Mem.at(pointer, 0), bytes);
  }

  /** Prefetches what lies a page after the next {@code bytes} at {@code place}. */
  static void prefetch(Assembler a, Mem place, int bytes) {
    for (int at = 0; at < bytes; at += LINE) {
      a.prefetcht0(place.plus(DISTANCE + at));
    }
  }
}
