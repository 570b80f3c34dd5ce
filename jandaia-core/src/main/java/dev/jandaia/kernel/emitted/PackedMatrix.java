package dev.jandaia.kernel.emitted;

import dev.jandaia.kernel.packed.RowGroups;
import java.lang.foreign.MemorySegment;

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

  private final PackedKernels kernels;
  private final MemorySegment stored;
  private final long blocks;
  private final RowGroups groups;

  PackedMatrix(PackedKernels kernels, MemorySegment stored, int rows, int cols) {
    super(kernels, rows, cols);
    this.kernels = kernels;
    this.stored = stored;
    blocks = cols / kernels.columns();
    groups = new RowGroups(stored, rows, blocks * kernels.blockBytes(), this::pack);
  }

  @Override
  public long bytes() {
    return groups.bytes();
  }

  @Override
  public boolean isPrepared() {
    return groups.isPrepared();
  }

  @Override
  public void prepare(int fromRow, int toRow) {
    groups.prepare(fromRow, toRow);
  }

  private void pack(int group, MemorySegment packed) {
    int first = group * ROWS;
    long rowBytes = stored.byteSize() / rows;
    kernels.pack(
        packed.address() + groups.at(group),
        stored.address() + first * rowBytes,
        RowStarts.of(NativeScratch.ofThread(), first, rows, rowBytes),
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
      int count = Math.min(GROUPS, last - group);
      results.begin(group, count, m);
      for (int i = 0; i < m; i += most) {
        kernels.multiplyFew(
            Math.min(most, m - i),
            address(group),
            activations + i * kernels.activationBytes(cols),
            results.address(i, 0),
            count,
            blocks,
            results.stride());
      }
      results.end(m);
    }
  }

  @Override
  void panel(NativeScratch scratch, int group, int column, int depth, long address) {
    long offset = (long) column / kernels.columns() * kernels.blockBytes();
    kernels.unpack(address(group) + offset, address, depth);
  }

  private long address(int group) {
    return groups.packed().address() + groups.at(group);
  }
}
