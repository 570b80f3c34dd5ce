package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** Weights of sixteen bits times activations as they are, or rounded to bfloat16. */
final class HalfKernels extends ProductKernels {
  private final HalfFormat format;
  private final NativeCode round;
  private final NativeCode pack;
  private final NativeCode panel;
  private final NativeCode[] fewRows = new NativeCode[HalfFewRowsKernel.MOST_ROWS + 1];
  private final Map<Onto, NativeCode[]> tiles = new EnumMap<>(Onto.class);

  HalfKernels(HalfFormat format) {
    this.format = format;
    round = HalfActivationsKernel.of(format);
    pack = HalfCopyKernels.pack(format);
    panel = HalfCopyKernels.panel(format);
    for (int rows = 1; rows < fewRows.length; rows++) {
      fewRows[rows] = HalfFewRowsKernel.of(format, rows);
    }
    for (Onto onto : Onto.values()) {
      NativeCode[] code = new NativeCode[HalfTileKernel.ROWS + 1];
      for (int rows = 1; rows < code.length; rows++) {
        code[rows] = HalfTileKernel.of(format, rows, onto);
      }
      tiles.put(onto, code);
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
    fewRows[rows].call(packed, x, y, groups, blocks, yStride);
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
    tiles.get(onto)[rows].call(panels, x, y, xStride, blocks, yStride);
  }
}
