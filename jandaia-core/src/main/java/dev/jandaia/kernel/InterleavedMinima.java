package dev.jandaia.kernel;

import static dev.jandaia.kernel.packed.RowGroups.ROWS;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/**
 * Q4_K and Q5_K: d and dmin of 256 columns, and of each run of 32 six bits s and six bits m; a
 * weight is d·s·code − dmin·m. Packed scales are sixteen d and dmin, then bytes: sixteen s and
 * sixteen m of each run.
 */
final class InterleavedMinima extends InterleavedFormat {
  private static final int RUNS = 8;

  /** Adds 128 to four codes of five bits. */
  private static final int PLUS = 0x80808080;

  private static final int STORED_SCALES = 4;
  private static final int STORED_HIGH = 16;
  private static final int HIGH_BYTES = 32;
  private static final int BYTES = 4 * ROWS;

  private final boolean fiveBits;

  InterleavedMinima(DType dtype) {
    super(
        dtype,
        32,
        BYTES + RUNS * 2 * ROWS,
        dtype == DType.Q5_K ? new ByteRuns() : new NibbleRuns());
    fiveBits = dtype == DType.Q5_K;
  }

  @Override
  void packScales(MemorySegment stored, long from, MemorySegment packed, long to, int lane) {
    copyHalf(stored, from, packed, to, lane);
    copyHalf(stored, from + 2, packed, to + 2 * ROWS, lane);
    for (int run = 0; run < RUNS; run++) {
      long bytes = to + BYTES + run * 2 * ROWS + lane;
      int scale = Stored.groupScale(stored, from + STORED_SCALES, run);
      int min = Stored.groupMin(stored, from + STORED_SCALES, run);
      packed.set(ValueLayout.JAVA_BYTE, bytes, (byte) scale);
      packed.set(ValueLayout.JAVA_BYTE, bytes + ROWS, (byte) min);
    }
  }

  /**
   * Stored are the codes of runs 2p and 2p + 1 in the lower and upper halves of 32 bytes; before
   * them, in Q5_K, 32 bytes of fifth bits: those of run r are bits r.
   */
  @Override
  void packCodes(MemorySegment stored, long from, MemorySegment packed, long to, int lane) {
    long high = from + STORED_HIGH;
    long low = fiveBits ? high + HIGH_BYTES : high;
    for (int run = 0; run < RUNS; run += 2) {
      for (int i = 0; i < 8; i++) {
        int codes = storedInt(stored, low + 16 * run + 4 * i);
        int step = 8 * run + i;
        if (fiveBits) {
          int fifths = storedInt(stored, high + 4 * i) >>> run;
          putBytes(packed, to, step, lane, fiveBits(codes, fifths));
          putBytes(packed, to, step + 8, lane, fiveBits(codes >>> 4, fifths >>> 1));
        } else {
          putNibbles(packed, to, step, lane, codes);
          putNibbles(packed, to, step + 8, lane, codes >>> 4);
        }
      }
    }
  }

  private static int fiveBits(int low, int high) {
    return (low & 0x0F0F0F0F | (high & 0x01010101) << 4) + PLUS;
  }

  @Override
  void unpackScales(MemorySegment packed, long at, int blocks, float[] scales, int so) {
    int addends = blocks * RUNS * ROWS;
    for (int block = 0; block < blocks; block++) {
      long from = at + block * scaleBytes;
      for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
        FloatVector d = RowsF16.load(packed, from + 2 * lane);
        FloatVector dmin = RowsF16.load(packed, from + 2 * ROWS + 2 * lane).neg();
        for (int run = 0; run < RUNS; run++) {
          long bytes = from + BYTES + run * 2 * ROWS + lane;
          int to = so + (block * RUNS + run) * ROWS + lane;
          Stored.signedFloats(packed, bytes).mul(d).intoArray(scales, to);
          Stored.signedFloats(packed, bytes + ROWS).mul(dmin).intoArray(scales, to + addends);
        }
      }
    }
  }
}
