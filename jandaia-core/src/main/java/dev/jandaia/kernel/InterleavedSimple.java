package dev.jandaia.kernel;

import static dev.jandaia.kernel.packed.RowGroups.ROWS;

import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Blocks of 32 columns with a half-precision scale: Q8_0, signed, and Q4_0, plus 8; the lower
 * halves of its bytes are the first sixteen columns.
 */
final class InterleavedSimple extends InterleavedFormat {
  private static final int HALF_BYTES = 2;

  /** Adds 128 to four signed bytes. */
  private static final int SIGNS = 0x80808080;

  private final boolean bytes;

  InterleavedSimple(DType dtype) {
    super(dtype, 32, 1, 0, dtype == DType.Q8_0 ? new SignedRuns() : new NibbleRuns());
    bytes = dtype == DType.Q8_0;
  }

  @Override
  void packScales(MemorySegment stored, long from, MemorySegment packed, long halves, long bytes) {
    copyHalf(stored, from, packed, halves);
  }

  @Override
  void packCodes(MemorySegment stored, long from, MemorySegment packed, long to, int lane) {
    int words = codeBytes() / (4 * ROWS);
    for (int i = 0; i < words; i++) {
      int codes = storedInt(stored, from + HALF_BYTES + 4 * i);
      put(packed, to, i, lane, bytes ? codes ^ SIGNS : codes);
    }
  }

  @Override
  void unpackScales(
      MemorySegment packed, long halves, long bytes, int blocks, float[] scales, int so) {
    Interleaved.halves(packed, halves, blocks * ROWS, scales, so);
  }

  /** Σ d·s·sum. */
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
    int factors = xo + codes.factorsAt(blocks);
    for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
      FloatVector total = Interleaved.load(y, yo + lane);
      for (int block = 0; block < blocks; block++) {
        FloatVector d = Interleaved.load(halves, ho + block * ROWS + lane);
        FloatVector product =
            Interleaved.scaled(sums, from + block * ROWS + lane, x, factors + block);
        total = product.fma(d, total);
      }
      total.intoArray(y, yo + lane);
    }
  }
}
