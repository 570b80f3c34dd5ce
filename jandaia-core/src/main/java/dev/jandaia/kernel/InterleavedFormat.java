package dev.jandaia.kernel;

import static dev.jandaia.kernel.packed.RowGroups.ROWS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * One encoding of weights, interleaved: how sixteen rows of stored blocks become a packed group. A
 * group holds first the scales of all its blocks, as they are stored but sixteen of each together,
 * and then the codes of all its columns, for the loops of {@link RunCodes}.
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

  /** Bytes of the packed scales of a block of sixteen rows. */
  final int scaleBytes;

  /** The loops over its codes. */
  final RunCodes codes;

  InterleavedFormat(DType dtype, int runColumns, int scaleBytes, RunCodes codes) {
    blockColumns = dtype.blockSize();
    blockBytes = dtype.blockBytes();
    this.runColumns = runColumns;
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

  /** Packs the scales of the stored block at {@code from} as those of row {@code lane}. */
  abstract void packScales(
      MemorySegment stored, long from, MemorySegment packed, long to, int lane);

  /** Packs the codes of the stored block at {@code from} as those of row {@code lane}. */
  abstract void packCodes(MemorySegment stored, long from, MemorySegment packed, long to, int lane);

  /**
   * Unpacks the scales of some blocks: {@code [runs, 16]} scales to {@code so} of {@code scales},
   * and after them as many addends.
   */
  abstract void unpackScales(MemorySegment packed, long at, int blocks, float[] scales, int so);

  /** Bytes of the codes of a block of sixteen rows. */
  final int codeBytes() {
    return blockColumns / RunCodes.COLUMNS * codes.stepBytes();
  }

  /** Runs of a block. */
  final int runs() {
    return blockColumns / runColumns;
  }

  /** Steps of a run. */
  final int runSteps() {
    return runColumns / RunCodes.COLUMNS;
  }

  static int storedInt(MemorySegment stored, long at) {
    return stored.get(INT, at);
  }

  /** Puts four codes, each plus 128, where a row has its i-th step for {@link ByteRuns}. */
  static void putBytes(MemorySegment packed, long to, int i, int lane, int codes) {
    packed.set(INT, to + 4L * (i * ROWS + lane), codes ^ 0x80000000);
  }

  /** As {@link #putBytes}, the lower four bits of each byte. */
  static void putNibbles(MemorySegment packed, long to, int i, int lane, int codes) {
    int pairs = codes & 0x0F0F0F0F;
    pairs |= pairs >>> 4;
    packed.set(SHORT, to + 2L * (i * ROWS + lane), (short) (pairs & 0xFF | pairs >>> 8 & 0xFF00));
  }

  static void copyHalf(MemorySegment stored, long from, MemorySegment packed, long to, int lane) {
    packed.set(SHORT, to + 2L * lane, stored.get(SHORT, from));
  }
}
