package dev.jandaia.kernel;

import static dev.jandaia.kernel.packed.RowGroups.ROWS;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Q6_K: d of 256 columns and a signed byte s of each run of 16; a weight is d·s·(code − 32). Packed
 * bytes are sixteen s of each run. Codes are widened to bytes.
 */
final class InterleavedQ6K extends InterleavedFormat {
  private static final int RUNS = 16;

  private static final int STORED_HIGH = 128;
  private static final int STORED_SCALES = 192;
  private static final int STORED_SCALE = 208;

  InterleavedQ6K() {
    super(DType.Q6_K, 16, 1, RUNS * ROWS, new ByteRuns(16, 32));
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
    return low & 0x0F0F0F0F | (high & 0x03030303) << 4;
  }

  @Override
  void unpackScales(
      MemorySegment packed, long halves, long bytes, int blocks, float[] scales, int so) {
    float[] floats = Scratch.ofThread().halfFloats(blocks * ROWS);
    Interleaved.halves(packed, halves, blocks * ROWS, floats, 0);
    Interleaved.scaleBytes(packed, bytes, ROWS, RUNS, floats, ROWS, blocks, scales, so);
  }
}
