package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Quantised weights times activations rounded to bytes. */
final class ByteKernels extends ProductKernels {
  private final PackedFormat format;

  /** Columns that share a scale: formats of as many share rounded rows. */
  private final Integer form;

  private final NativeCode round;
  private final NativeCode pack;
  private final NativeCode panel;
  private final Optional<NativeCode> storedRows;
  private final LazyCode fewRows;
  private final TileCode tiles;

  ByteKernels(PackedFormat format) {
    this.format = format;
    form = format.columns();
    round = RoundKernel.of(format.columns());
    pack = PackKernel.of(format);
    panel = PanelKernel.of(format);
    storedRows =
        format.dtype == DType.Q8_0 ? Optional.of(StoredRowsKernel.code()) : Optional.empty();
    fewRows = new LazyCode(FewRowsKernel.MOST_ROWS, rows -> FewRowsKernel.of(format, rows));
    tiles = new TileCode(TileKernel.ROWS, (rows, onto) -> tile(rows, onto));
  }

  private NativeCode tile(int rows, Onto onto) {
    return format.columns() == Activations.COLUMNS
        ? TileKernel.of(format.shape, rows, onto)
        : SuperTileKernel.of(format.shape, rows, onto);
  }

  @Override
  int columns() {
    return format.columns();
  }

  @Override
  int blockBytes() {
    return format.bytes;
  }

  @Override
  Object activationForm() {
    return form;
  }

  @Override
  long activationBytes(int columns) {
    return Activations.bytes(columns);
  }

  @Override
  void round(MemorySegment floats, MemorySegment activations, long at, int columns) {
    long steps = Math.ceilDiv(columns, RoundKernel.step(columns()));
    round.call(floats.address(), activations.address() + at, steps, RoundKernel.table());
  }

  @Override
  void pack(long packed, long stored, long starts, long blocks) {
    pack.call(packed, stored, starts, blocks);
  }

  @Override
  int mostFewRows() {
    return FewRowsKernel.MOST_ROWS;
  }

  @Override
  int worthRepeating() {
    return PanelMatrix.FEW;
  }

  @Override
  void multiplyFew(int rows, long packed, long x, long y, long groups, long blocks, long yStride) {
    fewRows.forRows(rows).call(packed, x, y, groups, blocks, yStride);
  }

  @Override
  Optional<NativeCode> storedRows() {
    return storedRows;
  }

  @Override
  long panelBytes(int depth) {
    return (long) depth / format.shape.columns() * format.shape.panelBytes();
  }

  @Override
  void unpack(long packed, long panelAddress, int depth) {
    panel.call(packed, panelAddress, depth / format.columns(), 0);
  }

  @Override
  int tileRows() {
    return TileKernel.ROWS;
  }

  @Override
  void multiplyTile(
      Onto onto, int rows, long panels, long x, long y, long xStride, int depth, long yStride) {
    long blocks = depth / columns();
    tiles.of(rows, onto).call(panels, x, y, xStride, blocks, yStride);
  }
}
