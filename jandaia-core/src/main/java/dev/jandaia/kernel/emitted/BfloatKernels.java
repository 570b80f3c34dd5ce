package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Processor;
import java.lang.foreign.MemorySegment;

/**
 * bfloat16 weights times activations rounded to bfloat16. A packed block has 32 columns in sixteen
 * registers: lane i of a register holds a pair of neighbouring columns of row i, which is what the
 * processor's dot product reads.
 */
final class BfloatKernels extends ProductKernels {
  static final int COLUMNS = 32;
  static final int BLOCK_BYTES = 1024;

  /** Bytes of 32 rounded activations. */
  static final int ACTIVATION_BYTES = 64;

  private final NativeCode round = BfloatRoundKernel.code();
  private final NativeCode pack = BfloatCopyKernels.pack();
  private final NativeCode copy = BfloatCopyKernels.copy();
  private final NativeCode[] fewRows = new NativeCode[BfloatFewRowsKernel.MOST_ROWS + 1];
  private final NativeCode[] tiles = new NativeCode[BfloatTileKernel.ROWS + 1];

  BfloatKernels() {
    for (int rows = 1; rows < fewRows.length; rows++) {
      fewRows[rows] = BfloatFewRowsKernel.of(rows);
    }
    for (int rows = 1; rows < tiles.length; rows++) {
      tiles[rows] = BfloatTileKernel.of(rows);
    }
  }

  /**
   * Whether the processor has the dot product of bfloat16, and it does more than twice as many
   * pairs as the plain one does numbers: there are processors on which it is slow.
   */
  static boolean areFaster() {
    return Processor.ask().bf16() && InstructionRace.bfloatProductsWin();
  }

  @Override
  int columns() {
    return COLUMNS;
  }

  @Override
  int blockBytes() {
    return BLOCK_BYTES;
  }

  @Override
  long activationBytes(int columns) {
    return (long) columns / COLUMNS * ACTIVATION_BYTES;
  }

  @Override
  void round(MemorySegment floats, MemorySegment activations, long at, int columns) {
    round.call(floats.address(), activations.address() + at, columns / COLUMNS, 0);
  }

  @Override
  void pack(long packed, long stored, long starts, long blocks) {
    pack.call(packed, stored, starts, blocks);
  }

  @Override
  int mostFewRows() {
    return BfloatFewRowsKernel.MOST_ROWS;
  }

  @Override
  void multiplyFew(int rows, long packed, long x, long y, long groups, long blocks, long yStride) {
    fewRows[rows].call(packed, x, y, groups, blocks, yStride);
  }

  @Override
  long panelBytes(int depth) {
    return (long) depth / COLUMNS * BLOCK_BYTES;
  }

  @Override
  void unpack(long packed, long panel, int depth) {
    copy.call(packed, panel, depth / COLUMNS, 0);
  }

  @Override
  int tileRows() {
    return BfloatTileKernel.ROWS;
  }

  @Override
  void multiplyTile(int rows, long panels, long x, long y, long xStride, int depth, long yStride) {
    tiles[rows].call(panels, x, y, xStride, depth / COLUMNS, yStride);
  }
}
