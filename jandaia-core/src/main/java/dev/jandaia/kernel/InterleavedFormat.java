package dev.jandaia.kernel;

import static dev.jandaia.kernel.packed.RowGroups.ROWS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

/**
 * One encoding of weights, interleaved: how sixteen rows of stored blocks become a packed group. A
 * group holds first the scales of all its blocks, as they are stored but sixteen of each together,
 * halves before bytes, and then the codes of all its columns, for the loops of {@link RunCodes}.
 */
abstract class InterleavedFormat {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** Columns of a stored block. */
  final int blockColumns;

  /** Bytes of a stored block. */
  final int blockBytes;

  /** Columns that share a scale. */
  final int runColumns;

  /** Half-precision numbers of a block. */
  final int halves;

  /** Bytes of the other scales of a block of sixteen rows. */
  final int scaleBytes;

  /** The loops over its codes. */
  final RunCodes codes;

  InterleavedFormat(DType dtype, int runColumns, int halves, int scaleBytes, RunCodes codes) {
    blockColumns = dtype.blockSize();
    blockBytes = dtype.blockBytes();
    this.runColumns = runColumns;
    this.halves = halves;
    this.scaleBytes = scaleBytes;
    this.codes = codes;
  }

  /** The format of an encoding, if it has one and this machine's registers suit it. */
  static Optional<InterleavedFormat> of(DType dtype) {
    if (Lanes.COUNT > ROWS) {
      return Optional.empty();
    }
    return switch (dtype) {
      case Q8_0, Q4_0 -> Optional.of(new InterleavedSimple(dtype));
      case Q4_K, Q5_K -> Optional.of(new InterleavedMinima(dtype));
      case Q6_K -> Optional.of(new InterleavedQ6K());
      default -> Optional.empty();
    };
  }

  /**
   * Packs the scales of the stored block at {@code from}: of each half and of each byte those of
   * sixteen rows lie together, those of this row from {@code halves} and {@code bytes}.
   */
  abstract void packScales(
      MemorySegment stored, long from, MemorySegment packed, long halves, long bytes);

  /** Packs the codes of the stored block at {@code from} as those of row {@code lane}. */
  abstract void packCodes(MemorySegment stored, long from, MemorySegment packed, long to, int lane);

  /**
   * Unpacks the scales of some blocks, {@code [runs, 16]}, to {@code so} of {@code scales}.
   *
   * @param halves where the halves of the first block are
   * @param bytes where its bytes are
   */
  abstract void unpackScales(
      MemorySegment packed, long halves, long bytes, int blocks, float[] scales, int so);

  /** Unpacks the addends of blocks whose scales have just been unpacked, likewise. */
  void unpackAddends(
      MemorySegment packed, long bytes, int blocks, float[] scales, int so, int addends) {
    Arrays.fill(scales, addends, addends + blocks * runs() * ROWS, 0f);
  }

  /**
   * Adds to y[i] the product of one row of x and each of sixteen rows of weights: the sums of codes
   * of all runs times the scales of both, and what addends make of Σ x.
   *
   * @param bytes where the bytes of the first block's scales are
   * @param halves from {@code ho} on, the half-precision numbers of all blocks
   * @param sums from {@code from} on, what {@link RunCodes#sums} gives
   * @param x has a prepared row from {@code xo} on
   */
  abstract void addProducts(
      MemorySegment packed,
      long bytes,
      int blocks,
      float[] halves,
      int ho,
      int[] sums,
      int from,
      int[] x,
      int xo,
      float[] y,
      int yo);

  /** Bytes of the half-precision numbers of a block of sixteen rows. */
  final int halfBytes() {
    return 2 * ROWS * halves;
  }

  /** Bytes of the codes of a block of sixteen rows. */
  final int codeBytes() {
    return runs() * codes.runBytes();
  }

  /** Runs of a block. */
  final int runs() {
    return blockColumns / runColumns;
  }

  static int storedInt(MemorySegment stored, long at) {
    return stored.get(INT, at);
  }

  /** Puts the i-th int of a row of codes. */
  static void put(MemorySegment packed, long to, int i, int lane, int word) {
    packed.set(INT, to + 4L * (i * ROWS + lane), word);
  }

  static void copyHalf(MemorySegment stored, long from, MemorySegment packed, long to) {
    packed.set(SHORT, to, stored.get(SHORT, from));
  }
}
