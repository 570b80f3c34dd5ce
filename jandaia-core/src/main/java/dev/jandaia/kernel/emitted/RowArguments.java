package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Gpr.R8;
import static dev.jandaia.machinecode.Gpr.R9;
import static dev.jandaia.machinecode.Gpr.RAX;
import static dev.jandaia.machinecode.Gpr.RDI;
import static dev.jandaia.machinecode.Gpr.RSI;
import static dev.jandaia.machinecode.Gpr.RSP;

import dev.jandaia.machinecode.GeneralAssembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;

/**
 * What kernels for cached rows are called with. rdi = rows, rsi = what is stored apart for them,
 * rdx and rcx = what else is read and written, r8 and r9 = rows that come next and what is stored
 * apart for those; on the stack how many bytes further on rdi and r8, rsi, and r9 begin, and a
 * number.
 */
final class RowArguments {
  private static final int LINE = 64;

  /** How far ahead rows come from the second-level cache to the first. */
  private static final int NEAR = 1024;

  private RowArguments() {}

  /** Completes the addresses, before anything is pushed. Uses rax. */
  static void load(GeneralAssembler a) {
    a.mov(RAX, Mem.at(RSP, 8));
    a.add(RDI, RAX);
    a.add(R8, RAX);
    a.mov(RAX, Mem.at(RSP, 16));
    a.add(RSI, RAX);
    a.mov(RAX, Mem.at(RSP, 24));
    a.add(R9, RAX);
  }

  /** Loads the number, after {@code pushed} registers were pushed. */
  static void number(GeneralAssembler a, Gpr to, int pushed) {
    a.mov(to, Mem.at(RSP, 32 + 8 * pushed));
  }

  /**
   * Fetches the part {@code part} of {@code parts} of the next {@code rows} rows: where rows are
   * short pieces of memory, the processor's own prefetching begins anew with each. What follows the
   * rows at {@code current}, which were fetched so before, comes nearer.
   */
  static void prefetch(
      GeneralAssembler a, RowFormat format, Gpr current, int rows, int part, int parts) {
    int lines = Math.ceilDiv(rows * format.rowBytes(), LINE);
    for (int line = lines * part / parts; line < lines * (part + 1) / parts; line++) {
      a.prefetcht1(Mem.at(R8, LINE * line));
      a.prefetcht0(Mem.at(current, NEAR + LINE * line));
    }
    int others = Math.ceilDiv(rows * format.storedOtherBytes(), LINE);
    for (int line = 0; part == 0 && line < others; line++) {
      a.prefetcht1(Mem.at(R9, LINE * line));
    }
  }

  /** Goes on by {@code rows} of the rows that come next. */
  static void advance(GeneralAssembler a, RowFormat format, int rows) {
    a.add(R8, rows * format.rowBytes());
    a.add(R9, rows * format.storedOtherBytes());
  }
}
