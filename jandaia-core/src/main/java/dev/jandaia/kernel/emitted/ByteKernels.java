package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.tensor.DType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Quantised weights times activations rounded to bytes. */
final class ByteKernels extends QuantisedKernels {
  /** By the columns that share a scale. */
  private static final Map<Integer, ActivationForm> FORMS = new ConcurrentHashMap<>();

  private final PackedFormat format;

  private final ActivationForm form;
  private final LazyCode fewRows;
  private final TileCode tiles;

  ByteKernels(PackedFormat format) {
    super(
        format.columns() / format.shape.columns() * format.shape.panelBytes(),
        format.columns(),
        format.bytes,
        PackKernel.of(format),
        PanelKernel.of(format),
        format.dtype == DType.Q8_0 ? Optional.of(StoredRowsKernel.code()) : Optional.empty());
    this.format = format;
    form = FORMS.computeIfAbsent(format.columns(), ByteKernels::form);
    fewRows = new LazyCode(FewRowsKernel.MOST_ROWS, rows -> FewRowsKernel.of(format, rows));
    tiles = new TileCode(TileKernel.ROWS, (rows, onto) -> tile(rows, onto));
  }

  private static ActivationForm form(int shared) {
    NativeCode round = RoundKernel.of(shared);
    int step = RoundKernel.step(shared);
    return new ActivationForm(
        Activations::bytes,
        (floats, activations, at, columns) ->
            round.call(
                floats.address(),
                activations.address() + at,
                Math.ceilDiv(columns, step),
                RoundKernel.table()));
  }

  private NativeCode tile(int rows, Onto onto) {
    return format.columns() == Activations.COLUMNS
        ? TileKernel.of(format.shape, rows, onto)
        : SuperTileKernel.of(format.shape, rows, onto);
  }

  @Override
  ActivationForm form() {
    return form;
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
  int tilePanels() {
    return 2;
  }

  @Override
  int tileRows() {
    return TileKernel.ROWS;
  }

  @Override
  void multiplyTiles(
      Onto onto,
      int rows,
      int tileCount,
      long panels,
      long x,
      long y,
      long xStride,
      int depth,
      long yStride) {
    long blocks = depth / columns();
    NativeCode code = tiles.of(rows, onto);
    for (int i = 0; i < tileCount; i++) {
      long row = (long) i * rows;
      code.call(panels, x + row * xStride, y + row * yStride, xStride, blocks, yStride);
    }
  }
}
