package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.tensor.DType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Quantised weights times activations rounded to bytes, in registers of 256 bits. */
final class Avx2Kernels extends QuantisedKernels {
  /** By the columns that share a scale. */
  private static final Map<Integer, ActivationForm> FORMS = new ConcurrentHashMap<>();

  /** Measured: from three rows on panels pay. */
  private static final int WORTH_REPEATING = 2;

  private final Avx2Format format;

  private final ActivationForm form;
  private final Avx2FewRows fewRows;
  private final boolean signed;
  private final TileCode tiles;

  Avx2Kernels(Avx2Format format) {
    super(
        panelBytes(format),
        format.columns(),
        format.bytes,
        Avx2PackKernel.of(format),
        panel(format),
        format.dtype == DType.Q8_0 ? Optional.of(Avx2StoredRowsKernel.code()) : Optional.empty());
    this.format = format;
    form = FORMS.computeIfAbsent(format.columns(), Avx2Kernels::form);
    fewRows =
        new Avx2FewRows(
            Avx2FewRowsKernel.MOST_ROWS,
            rows -> Avx2FewRowsKernel.of(format, rows),
            Avx2FewRowsKernel.inTwoPlaces(format));
    signed = format.codes == Avx2Codes.SIGNED;
    tiles = new TileCode(tileRows(), this::tile);
  }

  private static int panelBytes(Avx2Format format) {
    return switch (format) {
      case Avx2RunFormat runs -> runs.shape.panelBytes();
      case Avx2SuperFormat blocks -> new Avx2SuperPanel(blocks.shape).bytes();
    };
  }

  private static NativeCode panel(Avx2Format format) {
    return switch (format) {
      case Avx2RunFormat runs -> Avx2PanelKernel.of(runs);
      case Avx2SuperFormat blocks -> Avx2SuperPanelKernel.of(blocks);
    };
  }

  private static ActivationForm form(int shared) {
    NativeCode round = Avx2RoundKernel.of(shared);
    return new ActivationForm(
        Activations::bytes,
        (floats, activations, at, columns) ->
            round.call(
                floats.address(),
                activations.address() + at,
                columns / shared,
                Avx2RoundKernel.tableAddress()));
  }

  private NativeCode tile(int rows, Onto onto) {
    return switch (format) {
      case Avx2SuperFormat blocks -> Avx2SuperTileKernel.of(blocks, rows, onto);
      case Avx2RunFormat runs ->
          signed
              ? Avx2ShortsTileKernel.of(runs.shape, rows, onto)
              : Avx2TileKernel.of(runs.shape, rows, onto);
    };
  }

  @Override
  ActivationForm form() {
    return form;
  }

  @Override
  ActivationForm tileForm() {
    return signed ? ShortActivations.FORM : form;
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
  int tilePanels() {
    return 1;
  }

  @Override
  int tileRows() {
    return switch (format) {
      case Avx2SuperFormat blocks -> Avx2SuperTileKernel.rows(blocks);
      case Avx2RunFormat _ -> signed ? Avx2ShortsTileKernel.ROWS : Avx2TileKernel.ROWS;
    };
  }

  @Override
  void multiplyTiles(
      Onto onto,
      int rows,
      int tileCount,
      long panel,
      long x,
      long y,
      long xStride,
      int depth,
      long yStride) {
    long counts = Avx2TileLoop.counts(tileCount, depth / columns());
    tiles.of(rows, onto).call(panel, x, y, xStride, counts, yStride);
  }
}
