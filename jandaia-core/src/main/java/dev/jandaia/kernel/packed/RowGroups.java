package dev.jandaia.kernel.packed;

import dev.jandaia.machinecode.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The packed memory of a matrix, in groups of sixteen rows. A group is packed when it is first
 * used, by whoever uses it; the stored bytes are then no longer needed in memory.
 */
public final class RowGroups {
  /** Packs a group. Two threads may pack the same one: they write the same bytes. */
  public interface Packer {
    /**
     * @param group which
     * @param packed the packed memory of all groups
     */
    void pack(int group, MemorySegment packed);
  }

  /** Rows of a group. */
  public static final int ROWS = 16;

  /** Groups whose stored pages are given back together. */
  private static final int TOGETHER = 32;

  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
  private static final VarHandle READY = MethodHandles.arrayElementVarHandle(byte[].class);

  private final MemorySegment stored;
  private final int rows;
  private final long groupBytes;
  private final Packer packer;
  private final byte[] ready;
  private final AtomicInteger missing;
  private MemorySegment packed = MemorySegment.NULL;

  /**
   * @param stored the matrix of {@code rows} rows as stored, outside the heap
   * @param groupBytes size of a packed group
   */
  public RowGroups(MemorySegment stored, int rows, long groupBytes, Packer packer) {
    this.stored = stored;
    this.rows = rows;
    this.groupBytes = groupBytes;
    this.packer = packer;
    ready = new byte[(rows + ROWS - 1) / ROWS];
    missing = new AtomicInteger(ready.length);
  }

  /** Bytes of all groups. */
  public long bytes() {
    return ready.length * groupBytes;
  }

  /** Where a group begins in {@link #packed}. */
  public long at(int group) {
    return group * groupBytes;
  }

  /** The memory of all groups, for who has prepared those that it reads. */
  public MemorySegment packed() {
    return packed;
  }

  /** Whether all groups are packed. */
  public boolean isPrepared() {
    return missing.get() == 0;
  }

  /** Packs the groups of rows [fromRow, toRow) that are not packed yet. */
  public void prepare(int fromRow, int toRow) {
    if (isPrepared()) {
      return;
    }
    MemorySegment target = allocated();
    int last = (toRow - 1) / ROWS + 1;
    for (int group = fromRow / ROWS; group < last; group += TOGETHER) {
      int end = Math.min(group + TOGETHER, last);
      if (packMissing(group, end, target)) {
        forget(group, end);
      }
    }
    if (isPrepared()) {
      // Who read the last groups brought pages of the first ones back: the system maps some around.
      forget(0, ready.length);
    }
  }

  /** Packs the groups that are not packed yet; says whether there were any. */
  private boolean packMissing(int group, int end, MemorySegment target) {
    boolean any = false;
    for (int i = group; i < end; i++) {
      if ((byte) READY.getAcquire(ready, i) == 0) {
        any = true;
        packer.pack(i, target);
        if ((byte) READY.getAndSet(ready, i, (byte) 1) == 0) {
          missing.decrementAndGet();
        }
      }
    }
    return any;
  }

  /** Lets the system take the pages of stored groups back: what is packed is not read again. */
  private void forget(int group, int end) {
    if (stored.isMapped()) {
      long rowBytes = stored.byteSize() / rows;
      long from = group * ROWS * rowBytes;
      long to = Math.min(rows, end * ROWS) * rowBytes;
      stored.asSlice(from, to - from).unload();
    }
  }

  private synchronized MemorySegment allocated() {
    if (packed.equals(MemorySegment.NULL)) {
      packed = allocate(bytes());
    }
    return packed;
  }

  private static MemorySegment allocate(long bytes) {
    return WINDOWS
        ? Arena.ofAuto().allocate(bytes, 64)
        : NativeMemory.allocate(bytes, Arena.ofAuto());
  }
}
