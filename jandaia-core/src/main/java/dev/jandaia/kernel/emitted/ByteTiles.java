package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** Products of activations rounded to bytes with unpacked panels of one shape. */
final class ByteTiles {
  private static final NativeCode ROUND = RoundKernel.code();

  private final RunShape shape;
  private final Map<Onto, LazyCode> tiles = new EnumMap<>(Onto.class);

  ByteTiles(RunShape shape) {
    this.shape = shape;
    for (Onto onto : Onto.values()) {
      tiles.put(onto, new LazyCode(TileKernel.ROWS, rows -> TileKernel.of(shape, rows, onto)));
    }
  }

  static void round(MemorySegment floats, MemorySegment activations, long at, int columns) {
    ROUND.call(floats.address(), activations.address() + at, columns / Activations.COLUMNS, 0);
  }

  long panelBytes(int depth) {
    return (long) depth / shape.columns() * shape.panelBytes();
  }

  void multiply(
      Onto onto, int rows, long panels, long x, long y, long xStride, int depth, long yStride) {
    long blocks = depth / Activations.COLUMNS;
    tiles.get(onto).forRows(rows).call(panels, x, y, xStride, blocks, yStride);
  }
}
