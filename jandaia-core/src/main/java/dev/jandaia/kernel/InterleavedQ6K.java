package dev.jandaia.kernel;

import static dev.jandaia.kernel.packed.RowGroups.ROWS;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Q6_K: d of 256 columns and a signed byte s of each run of 16; a weight is d·s·(code − 32). Packed
 * bytes are sixteen s of each run. Codes are widened to bytes.
 */
final class InterleavedQ6K extends InterleavedFormat {
  private static final int RUNS = 16;

  /** Adds 128 − 32 to four codes. */
  private static final int PLUS = 0x60606060;

  private static final int STORED_HIGH = 128;
  private static final int STORED_SCALES = 192;
  private static final int STORED_SCALE = 208;

  InterleavedQ6K() {
    super(DType.Q6_K, 16, 1, RUNS * ROWS, new ByteRuns(16));
  }

  @Override
  void packScales(MemorySegment stored, long from, MemorySegment packed, long halves, long bytes) {
    copyHalf(stored, from + STORED_SCALE, packed, halves);
    for (int run = 0; run < RUNS; run++) {
      int scale = Stored.signedByte(stored, from + STORED_SCALES + run);
      packed.set(ValueLayout.JAVA_BYTE, bytes + run * ROWS, (byte) scale);
    }
  }

  /** Where the bits of 32 columns are stored: see {@link RowsQ6K}. */
  @Override
  void packCodes(MemorySegment stored, long from, MemorySegment packed, long to, int lane) {
    for (int half = 0; half < 2; half++) {
      long low = from + 64 * half;
      long high = from + STORED_HIGH + 32 * half;
      for (int i = 0; i < 8; i++) {
        int first = storedInt(stored, low + 4 * i);
        int second = storedInt(stored, low + 32 + 4 * i);
        int top = storedInt(stored, high + 4 * i);
        int step = 32 * half + i;
        put(packed, to, step, lane, sixBits(first, top));
        put(packed, to, step + 8, lane, sixBits(second, top >>> 2));
        put(packed, to, step + 16, lane, sixBits(first >>> 4, top >>> 4));
        put(packed, to, step + 24, lane, sixBits(second >>> 4, top >>> 6));
      }
    }
  }

  private static int sixBits(int low, int high) {
    return ByteRuns.word((low & 0x0F0F0F0F | (high & 0x03030303) << 4) + PLUS);
  }

  @Override
  void unpackScales(
      float[] halves, MemorySegment packed, long at, int blocks, float[] scales, int so) {
    for (int block = 0; block < blocks; block++) {
      for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
        FloatVector d = Interleaved.load(halves, block * ROWS + lane);
        for (int run = 0; run < RUNS; run++) {
          long bytes = at + block * scaleBytes + run * ROWS + lane;
          int to = so + (block * RUNS + run) * ROWS + lane;
          Stored.signedFloats(packed, bytes).mul(d).intoArray(scales, to);
        }
      }
    }
    int count = blocks * RUNS * ROWS;
    Arrays.fill(scales, so + count, so + 2 * count, 0f);
  }
}
