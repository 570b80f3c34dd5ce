package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A matrix whose rows are repacked in groups of sixteen when they are first used, by whoever uses
 * them; the stored bytes are then no longer needed in memory.
 */
final class PackedMatrix extends PanelMatrix {
  /** Up to this many rows of activations weights are unpacked again for every eight. */
  private static final int FEW = 24;

  /** Groups per call: bounds the time in which the virtual machine cannot stop the thread. */
  private static final int GROUPS = 32;

  private static final int ROWS = PackedFormat.ROWS;
  private static final VarHandle READY = MethodHandles.arrayElementVarHandle(byte[].class);

  private final PackedKernels kernels;
  private final MemorySegment stored;
  private final long blocks;
  private final long groupBytes;
  private final byte[] ready;
  private final AtomicInteger missing;
  private MemorySegment packed = MemorySegment.NULL;

  PackedMatrix(PackedKernels kernels, MemorySegment stored, int rows, int cols) {
    super(kernels, rows, cols);
    this.kernels = kernels;
    this.stored = stored;
    blocks = cols / kernels.columns();
    groupBytes = blocks * kernels.blockBytes();
    ready = new byte[(rows + ROWS - 1) / ROWS];
    missing = new AtomicInteger(ready.length);
  }

  @Override
  public long bytes() {
    return ready.length * groupBytes;
  }

  @Override
  public boolean isPrepared() {
    return missing.get() == 0;
  }

  /** Packs the groups that are not packed yet. */
  @Override
  public void prepare(int fromRow, int toRow) {
    if (isPrepared()) {
      return;
    }
    MemorySegment target = allocated();
    int last = (toRow - 1) / ROWS + 1;
    for (int group = fromRow / ROWS; group < last; group += GROUPS) {
      int end = Math.min(group + GROUPS, last);
      if (packMissing(group, end, target)) {
        forget(group, end);
      }
    }
  }

  /** Packs the groups that are not packed yet; says whether there were any. */
  private boolean packMissing(int group, int end, MemorySegment target) {
    boolean any = false;
    for (int i = group; i < end; i++) {
      if ((byte) READY.getAcquire(ready, i) == 0) {
        any = true;
        pack(i, target);
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
      long from = group * ROWS * rowBytes();
      long to = Math.min(rows, end * ROWS) * rowBytes();
      stored.asSlice(from, to - from).unload();
    }
  }

  private long rowBytes() {
    return stored.byteSize() / rows;
  }

  private synchronized MemorySegment allocated() {
    if (packed.equals(MemorySegment.NULL)) {
      packed = NativeMemory.allocate(bytes(), Arena.ofAuto());
    }
    return packed;
  }

  /** Two threads may pack the same group: they write the same bytes. */
  private void pack(int group, MemorySegment target) {
    int first = group * ROWS;
    kernels.pack(
        target.address() + group * groupBytes,
        stored.address() + first * rowBytes(),
        RowStarts.of(NativeScratch.ofThread(), first, rows, rowBytes()),
        blocks);
  }

  @Override
  int few() {
    return FEW;
  }

  @Override
  void multiplyFew(long activations, int m, Results results) {
    int last = results.lastGroup();
    int most = kernels.mostFewRows();
    for (int group = results.firstGroup(); group < last; group += GROUPS) {
      int groups = Math.min(GROUPS, last - group);
      results.begin(group, groups, m);
      for (int i = 0; i < m; i += most) {
        kernels.multiplyFew(
            Math.min(most, m - i),
            packed.address() + group * groupBytes,
            activations + i * kernels.activationBytes(cols),
            results.address(i, 0),
            groups,
            blocks,
            results.stride());
      }
      results.end(m);
    }
  }

  @Override
  void panel(NativeScratch scratch, int group, int column, int depth, long address) {
    long offset = (long) column / kernels.columns() * kernels.blockBytes();
    kernels.unpack(packed.address() + group * groupBytes + offset, address, depth);
  }
}
