package dev.jandaia.kernel.emitted;

import dev.jandaia.kernel.packed.RowGroups;
import java.lang.foreign.MemorySegment;

/**
 * A matrix whose rows are repacked in groups of sixteen when they are first used, by whoever uses
 * them; the stored bytes are then no longer needed in memory.
 */
final class PackedMatrix extends PanelMatrix {
  /** Groups per call: bounds the time in which the virtual machine cannot stop the thread. */
  private static final int GROUPS = 32;

  private final ProductKernels kernels;
  private final MemorySegment stored;
  private final long blocks;
  private final RowGroups groups;

  PackedMatrix(ProductKernels kernels, MemorySegment stored, int rows, int cols) {
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

  @Override
  public boolean isCopied() {
    return groups.isPrepared();
  }

  private void pack(int group, MemorySegment packed) {
    int first = group * PackedFormat.ROWS;
    long rowBytes = stored.byteSize() / rows;
    kernels.pack(
        packed.address() + groups.at(group),
        stored.address() + first * rowBytes,
        RowStarts.of(NativeScratch.ofThread(), first, rows, rowBytes),
        blocks);
  }

  @Override
  void multiplyFew(NativeScratch scratch, long activations, int m, Results results) {
    int last = results.lastGroup();
    for (int group = results.firstGroup(); group < last; group += GROUPS) {
      int count = Math.min(GROUPS, last - group);
      results.begin(group, count, m);
      multiplyFew(address(group), count, activations, m, results, 0);
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
