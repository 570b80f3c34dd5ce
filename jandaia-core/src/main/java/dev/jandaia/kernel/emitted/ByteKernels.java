package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** Quantised weights times activations rounded to bytes. */
final class ByteKernels extends ProductKernels {
  private static final NativeCode ROUND = RoundKernel.code();

  private final PackedFormat format;
  private final NativeCode pack;
  private final NativeCode panel;
  private final NativeCode[] fewRows = new NativeCode[FewRowsKernel.MOST_ROWS + 1];
  private final Map<Onto, NativeCode[]> tiles = new EnumMap<>(Onto.class);

  ByteKernels(PackedFormat format) {
    this.format = format;
    pack = PackKernel.of(format);
    panel = PanelKernel.of(format);
    for (int rows = 1; rows < fewRows.length; rows++) {
      fewRows[rows] = FewRowsKernel.of(format, rows);
    }
    for (Onto onto : Onto.values()) {
      NativeCode[] code = new NativeCode[TileKernel.ROWS + 1];
      for (int rows = 1; rows < code.length; rows++) {
        code[rows] = TileKernel.of(format.shape, rows, onto);
      }
      tiles.put(onto, code);
    }
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
  long activationBytes(int columns) {
    return Activations.bytes(columns);
  }

  @Override
  void round(MemorySegment floats, MemorySegment activations, long at, int columns) {
    ROUND.call(floats.address(), activations.address() + at, columns / Activations.COLUMNS, 0);
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
  void multiplyFew(int rows, long packed, long x, long y, long groups, long blocks, long yStride) {
    fewRows[rows].call(packed, x, y, groups, blocks, yStride);
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
    tiles.get(onto)[rows].call(panels, x, y, xStride, depth / Activations.COLUMNS, yStride);
  }
}
