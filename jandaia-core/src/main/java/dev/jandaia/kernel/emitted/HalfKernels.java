package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** Weights of sixteen bits times activations as they are, or rounded to bfloat16. */
final class HalfKernels extends PackedKernels {
  private final HalfFormat format;
  private final NativeCode round;
  private final NativeCode pack;
  private final NativeCode panel;
  private final LazyCode fewRows;
  private final Map<Onto, LazyCode> tiles = new EnumMap<>(Onto.class);

  HalfKernels(HalfFormat format) {
    this.format = format;
    round = HalfActivationsKernel.of(format);
    pack = HalfCopyKernels.pack(format);
    panel = HalfCopyKernels.panel(format);
    fewRows = new LazyCode(HalfFewRowsKernel.MOST_ROWS, rows -> HalfFewRowsKernel.of(format, rows));
    for (Onto onto : Onto.values()) {
      tiles.put(
          onto, new LazyCode(HalfTileKernel.ROWS, rows -> HalfTileKernel.of(format, rows, onto)));
    }
  }

  @Override
  int columns() {
    return HalfFormat.COLUMNS;
  }

  @Override
  int blockBytes() {
    return HalfFormat.BYTES;
  }

  @Override
  long activationBytes(int columns) {
    return (long) columns / HalfFormat.COLUMNS * format.activationBytes();
  }

  @Override
  void round(MemorySegment floats, MemorySegment activations, long at, int columns) {
    long blocks = columns / HalfFormat.COLUMNS;
    round.call(floats.address(), activations.address() + at, blocks, 0);
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
  int tileRows() {
    return HalfTileKernel.ROWS;
  }

  @Override
  void multiplyTile(
      Onto onto, int rows, long panels, long x, long y, long xStride, int depth, long yStride) {
    long blocks = depth / HalfFormat.COLUMNS;
    tiles.get(onto).forRows(rows).call(panels, x, y, xStride, blocks, yStride);
  }
}
