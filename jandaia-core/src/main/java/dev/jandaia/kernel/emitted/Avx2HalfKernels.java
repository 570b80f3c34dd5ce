package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import java.lang.foreign.MemorySegment;

/** Weights of sixteen bits times activations as they are, in registers of 256 bits. */
final class Avx2HalfKernels extends ProductKernels {
  private static final ActivationForm FLOATS =
      new ActivationForm(
          columns -> 4L * columns,
          (floats, activations, at, columns) ->
              MemorySegment.copy(floats, 0, activations, at, 4L * columns));

  private final NativeCode pack;
  private final NativeCode panel;
  private final Avx2FewRows fewRows;
  private final TileCode tiles = new TileCode(Avx2HalfTileKernel.ROWS, Avx2HalfTileKernel::of);

  Avx2HalfKernels(Avx2HalfFormat format) {
    pack = Avx2PackKernel.of(format);
    panel = panel(format);
    fewRows =
        new Avx2FewRows(
            Avx2HalfFewRowsKernel.MOST_ROWS,
            rows -> Avx2HalfFewRowsKernel.of(format, rows),
            Avx2HalfFewRowsKernel.inTwoPlaces(format));
  }

  /** rdi = packed, rsi = panel {@code [columns, 16]}, rdx = blocks. */
  private static NativeCode panel(Avx2HalfFormat format) {
    Avx2Assembler a = new Avx2Assembler();
    format.constants(a);
    Label block = a.label();
    format.unpack(
        a,
        Gpr.RDI,
        (column, half, weights) ->
            a.vmovups(Mem.at(Gpr.RSI, 64 * column + Avx2Format.HALF * half), weights));
    a.add(Gpr.RDI, Avx2HalfFormat.BYTES);
    a.add(Gpr.RSI, Avx2HalfFormat.PANEL_BYTES);
    a.sub(Gpr.RDX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  @Override
  int columns() {
    return Avx2HalfFormat.COLUMNS;
  }

  @Override
  int blockBytes() {
    return Avx2HalfFormat.BYTES;
  }

  @Override
  ActivationForm form() {
    return FLOATS;
  }

  @Override
  void pack(long packed, long stored, long starts, long blocks) {
    pack.call(packed, stored, starts, blocks);
  }

  @Override
  int mostFewRows() {
    return Avx2HalfFewRowsKernel.MOST_ROWS;
  }

  @Override
  int worthRepeating() {
    return Avx2HalfFewRowsKernel.MOST_ROWS;
  }

  @Override
  void multiplyFew(int rows, long packed, long x, long y, long groups, long blocks, long yStride) {
    fewRows.multiply(rows, packed, x, y, groups, blocks * blockBytes(), blocks, yStride);
  }

  @Override
  long panelBytes(int depth) {
    return (long) depth / Avx2HalfFormat.COLUMNS * Avx2HalfFormat.PANEL_BYTES;
  }

  @Override
  void unpack(long packed, long panelAddress, int depth) {
    panel.call(packed, panelAddress, depth / Avx2HalfFormat.COLUMNS, 0);
  }

  @Override
  int tilePanels() {
    return 1;
  }

  @Override
  int tileRows() {
    return Avx2HalfTileKernel.ROWS;
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
    long counts = Avx2TileLoop.counts(tileCount, depth / Avx2HalfTileKernel.TOGETHER);
    tiles.of(rows, onto).call(panel, x, y, xStride, counts, yStride);
  }
}
