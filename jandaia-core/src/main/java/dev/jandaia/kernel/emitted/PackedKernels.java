package dev.jandaia.kernel.emitted;

import java.lang.foreign.MemorySegment;

/**
 * Kernels of weights that are repacked, sixteen rows at a time. A packed row group is a sequence of
 * blocks of {@link #columns} columns.
 */
abstract sealed class PackedKernels extends ProductKernels permits ByteKernels, HalfKernels {
  @Override
  final PackedMatrix matrix(MemorySegment stored, int rows, int cols) {
    return new PackedMatrix(this, stored, rows, cols);
  }

  /** Bytes of a packed block. */
  abstract int blockBytes();

  /** Packs sixteen rows; {@code starts} are sixteen ints, where each begins after the first. */
  abstract void pack(long packed, long stored, long starts, long blocks);

  /** The most rows of activations of {@link #multiplyFew}. */
  abstract int mostFewRows();

  /** y = x·Wᵀ for few rows of x and {@code groups} groups of rows of W. */
  abstract void multiplyFew(
      int rows, long packed, long x, long y, long groups, long blocks, long yStride);

  /** Unpacks the blocks of a panel. */
  abstract void unpack(long packed, long panel, int depth);
}
