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
  private final int offset;

  InterleavedSimple(DType dtype) {
    super(dtype, 32, HALF_BYTES * ROWS, dtype == DType.Q8_0 ? new ByteRuns() : new NibbleRuns());
    bytes = dtype == DType.Q8_0;
    offset = bytes ? 0 : 8;
  }

  @Override
  void packScales(MemorySegment stored, long from, MemorySegment packed, long to, int lane) {
    copyHalf(stored, from, packed, to, lane);
  }

  @Override
  void packCodes(MemorySegment stored, long from, MemorySegment packed, long to, int lane) {
    long codes = from + HALF_BYTES;
    if (bytes) {
      for (int i = 0; i < 8; i++) {
        putBytes(packed, to, i, lane, storedInt(stored, codes + 4 * i) ^ SIGNS);
      }
    } else {
      for (int i = 0; i < 4; i++) {
        int both = storedInt(stored, codes + 4 * i);
        putNibbles(packed, to, i, lane, both);
        putNibbles(packed, to, i + 4, lane, both >>> 4);
      }
    }
  }

  @Override
  void unpackScales(MemorySegment packed, long at, int blocks, float[] scales, int so) {
    int addends = so + blocks * ROWS;
    for (int i = 0; i < blocks * ROWS; i += Lanes.COUNT) {
      FloatVector scale = RowsF16.load(packed, at + HALF_BYTES * i);
      scale.intoArray(scales, so + i);
      scale.mul(-offset).intoArray(scales, addends + i);
    }
  }
}
