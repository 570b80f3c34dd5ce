package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Quantised weights times activations rounded to bytes, in registers of 256 bits. */
final class Avx2Kernels extends QuantisedKernels {
  /** Measured: from three rows on panels pay. */
  private static final int WORTH_REPEATING = 2;

  private final Avx2Format format;

  private final NativeCode round;
  private final Avx2FewRows fewRows;
  private final TileCode tiles;

  Avx2Kernels(Avx2Format format) {
    super(
        format.shape,
        format.columns(),
        format.bytes,
        Avx2PackKernel.of(format),
        Avx2PanelKernel.of(format),
        format.dtype == DType.Q8_0 ? Optional.of(Avx2StoredRowsKernel.code()) : Optional.empty());
    this.format = format;
    round = Avx2RoundKernel.of(format.columns());
    fewRows =
        new Avx2FewRows(
            Avx2FewRowsKernel.MOST_ROWS,
            rows -> Avx2FewRowsKernel.of(format, rows),
            Avx2FewRowsKernel.inTwoPlaces(format));
    tiles =
        new TileCode(
            Avx2TileKernel.rows(format), (rows, onto) -> Avx2TileKernel.of(format, rows, onto));
  }

  @Override
  void round(MemorySegment floats, MemorySegment activations, long at, int columns) {
    long address = Avx2RoundKernel.tableAddress();
    round.call(floats.address(), activations.address() + at, columns / columns(), address);
  }

  @Override
  int mostFewRows() {
    return Avx2FewRowsKernel.MOST_ROWS;
  }

  @Override
  int worthRepeating() {
    return WORTH_REPEATING;
  }

  @Override
  void multiplyFew(int rows, long packed, long x, long y, long groups, long blocks, long yStride) {
    fewRows.multiply(rows, packed, x, y, groups, blocks * blockBytes(), blocks, yStride);
  }

  @Override
  int tileRows() {
    return Avx2TileKernel.rows(format);
  }

  @Override
  void multiplyTile(
      Onto onto, int rows, long panels, long x, long y, long xStride, int depth, long yStride) {
    NativeCode tile = tiles.of(rows, onto);
    long times = depth / columns();
    tile.call(panels, x, y, xStride, times, yStride);
    tile.call(panels + panelBytes(depth), x, y + 4 * PackedFormat.ROWS, xStride, times, yStride);
  }
}
