package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;

/** Weights of sixteen bits times activations as they are, or rounded to bfloat16. */
final class HalfKernels extends ProductKernels {
  private final HalfFormat format;
  private final ActivationForm form;
  private final NativeCode pack;
  private final NativeCode panel;
  private final LazyCode fewRows;
  private final TileCode tiles;

  HalfKernels(HalfFormat format) {
    this.format = format;
    form = form(format);
    pack = HalfCopyKernels.pack(format);
    panel = HalfCopyKernels.panel(format);
    fewRows = new LazyCode(HalfFewRowsKernel.MOST_ROWS, rows -> HalfFewRowsKernel.of(format, rows));
    tiles =
        new TileCode(HalfTileKernel.ROWS, (rows, onto) -> HalfTileKernel.of(format, rows, onto));
  }

  @Override
  int columns() {
    return HalfFormat.COLUMNS;
  }

  @Override
  int blockBytes() {
    return HalfFormat.BYTES;
  }

  private static ActivationForm form(HalfFormat format) {
    NativeCode round = HalfActivationsKernel.of(format);
    return new ActivationForm(
        columns -> (long) columns / HalfFormat.COLUMNS * format.activationBytes(),
        (floats, activations, at, columns) ->
            round.call(
                floats.address(), activations.address() + at, columns / HalfFormat.COLUMNS, 0));
  }

  @Override
  ActivationForm form() {
    return form;
  }

  @Override
  void pack(long packed, long stored, long starts, long blocks) {
    pack.call(packed, stored, starts, blocks);
  }

  @Override
  int mostFewRows() {
    return HalfFewRowsKernel.MOST_ROWS;
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
  long panelBytes(int depth) {
    return (long) depth / HalfFormat.COLUMNS * format.panelBytes();
  }

  @Override
  void unpack(long packed, long panelAddress, int depth) {
    panel.call(packed, panelAddress, depth / HalfFormat.COLUMNS, 0);
  }

  @Override
  int tilePanels() {
    return 2;
  }

  @Override
  int tileRows() {
    return HalfTileKernel.ROWS;
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
    long blocks = depth / HalfFormat.COLUMNS;
    NativeCode code = tiles.of(rows, onto);
    for (int i = 0; i < tileCount; i++) {
      long row = (long) i * rows;
      code.call(panels, x + row * xStride, y + row * yStride, xStride, blocks, yStride);
    }
  }
}
