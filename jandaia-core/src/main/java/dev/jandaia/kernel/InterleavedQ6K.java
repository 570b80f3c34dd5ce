package dev.jandaia.kernel;

import static dev.jandaia.kernel.packed.RowGroups.ROWS;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

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

  /** Σ_block d·Σ_run scale·s·sum. */
  @Override
  void addProducts(
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
      int yo) {
    int factors = xo + codes.factorsAt(blocks * RUNS);
    for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
      FloatVector total = Interleaved.load(y, yo + lane);
      for (int block = 0; block < blocks; block++) {
        FloatVector ofBlock = FloatVector.zero(Lanes.F32);
        for (int run = block * RUNS; run < (block + 1) * RUNS; run++) {
          FloatVector scale = Stored.signedFloats(packed, bytes + run * ROWS + lane);
          FloatVector product =
              Interleaved.scaled(sums, from + run * ROWS + lane, x, factors + run);
          ofBlock = product.fma(scale, ofBlock);
        }
        FloatVector d = Interleaved.load(halves, ho + block * ROWS + lane);
        total = ofBlock.fma(d, total);
      }
      total.intoArray(y, yo + lane);
    }
  }
}
