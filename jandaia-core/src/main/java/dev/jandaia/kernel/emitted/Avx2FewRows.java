package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import java.util.function.IntFunction;

/**
 * Calls what multiplies one or two rows of activations: one row goes through the first half of the
 * weights and the second at once.
 */
final class Avx2FewRows {
  private static final long GROUP_RESULTS = 4L * PackedFormat.ROWS;

  private final LazyCode code;
  private final NativeCode inTwoPlaces;

  /**
   * @param code for a number of rows
   */
  Avx2FewRows(int mostRows, IntFunction<NativeCode> code, NativeCode inTwoPlaces) {
    this.code = new LazyCode(mostRows, code);
    this.inTwoPlaces = inTwoPlaces;
  }

  /** As {@link ProductKernels#multiplyFew}, of groups of {@code groupBytes}. */
  void multiply(
      int rows,
      long packed,
      long x,
      long y,
      long groups,
      long groupBytes,
      long blocks,
      long yStride) {
    long each = rows == 1 ? groups / 2 : 0;
    if (each > 0) {
      inTwoPlaces.call(packed, x, y, each, blocks, packed + each * groupBytes);
    }
    long done = 2 * each;
    if (done < groups) {
      NativeCode rest = code.forRows(rows);
      long from = packed + done * groupBytes;
      rest.call(from, x, y + done * GROUP_RESULTS, groups - done, blocks, yStride);
    }
  }
}
