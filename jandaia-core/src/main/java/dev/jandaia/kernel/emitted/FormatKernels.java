package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.tensor.DType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The kernels of one encoding, assembled when the first matrix of it appears. */
final class FormatKernels {
  private static final Map<DType, Optional<FormatKernels>> MADE = new EnumMap<>(DType.class);
  private static final NativeCode ROUND = RoundKernel.code();

  final PackedFormat format;
  private final NativeCode pack;
  private final NativeCode panel;
  private final NativeCode[] fewRows = new NativeCode[FewRowsKernel.MOST_ROWS + 1];
  private final NativeCode[] tiles = new NativeCode[TileKernel.ROWS + 1];

  private FormatKernels(PackedFormat format) {
    this.format = format;
    pack = PackKernel.of(format);
    panel = PanelKernel.of(format);
    for (int rows = 1; rows < fewRows.length; rows++) {
      fewRows[rows] = FewRowsKernel.of(format, rows);
    }
    for (int rows = 1; rows < tiles.length; rows++) {
      tiles[rows] = TileKernel.of(format.shape, rows);
    }
  }

  /** The kernels of an encoding, if it has some. */
  static synchronized Optional<FormatKernels> of(DType dtype) {
    return MADE.computeIfAbsent(dtype, type -> PackedFormat.of(type).map(FormatKernels::new));
  }

  /** See {@link RoundKernel}. */
  static void round(long floats, long blocks, long count) {
    ROUND.call(floats, blocks, count, 0);
  }

  /** See {@link PackKernel}. */
  void pack(long packed, long stored, long starts, long blocks) {
    pack.call(packed, stored, starts, blocks);
  }

  /** See {@link PanelKernel}. */
  void unpack(long packed, long panel, long blocks) {
    this.panel.call(packed, panel, blocks, 0);
  }

  /** See {@link FewRowsKernel}. */
  void multiplyFew(
      int rows, long packed, long x, long y, long groups, long blocks, long yStride) {
    fewRows[rows].call(packed, x, y, groups, blocks, yStride);
  }

  /** See {@link TileKernel}. */
  void multiplyTile(
      int rows, long panels, long x, long y, long xStride, long blocks, long yStride) {
    tiles[rows].call(panels, x, y, xStride, blocks, yStride);
  }
}
