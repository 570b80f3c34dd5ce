package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import java.lang.foreign.MemorySegment;

/**
 * Where machine code finds cached rows, and those that will be wanted next, which it fetches
 * meanwhile. All of it may lie on the heap. Set anew for each call, so that calls make no garbage.
 */
public final class RowPlace {
  private MemorySegment rows = MemorySegment.NULL;
  private MemorySegment next = MemorySegment.NULL;
  private long rowsAt;
  private MemorySegment others = MemorySegment.NULL;
  private long othersAt;
  private MemorySegment nextOthers = MemorySegment.NULL;
  private long nextOthersAt;

  /** The first row is {@code at} bytes further on, that of the next ones too. */
  public void rows(MemorySegment memory, MemorySegment nextMemory, long at) {
    rows = memory;
    next = nextMemory;
    rowsAt = at;
  }

  /** What is stored apart for the rows. */
  public void others(MemorySegment memory, long at) {
    others = memory;
    othersAt = at;
  }

  /** What is stored apart for the next ones. */
  public void nextOthers(MemorySegment memory, long at) {
    nextOthers = memory;
    nextOthersAt = at;
  }

  void call(NativeCode code, MemorySegment in, MemorySegment out, long number) {
    code.call(rows, others, in, out, next, nextOthers, rowsAt, othersAt, nextOthersAt, number);
  }
}
