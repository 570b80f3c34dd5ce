package dev.jandaia.kernel;

import static dev.jandaia.kernel.MatrixTile.WIDE;
import static dev.jandaia.kernel.packed.RowGroups.ROWS;

import dev.jandaia.kernel.packed.InputRows;
import dev.jandaia.kernel.packed.PackedProduct;
import dev.jandaia.kernel.packed.RowGroups;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * A quantised matrix whose rows are interleaved by sixteen, so that a register holds one column of
 * as many rows: no sums across registers, and panels for many rows of x need no transposition. Few
 * rows of x are rounded where {@link RunCodes} says so; many are taken as they are.
 */
final class InterleavedMatrix implements PackedProduct, WeightProduct.Panels {
  /** From this many rows of x, unpacking a panel costs less than it saves. */
  private static final int MANY = 8;

  /** Groups that one row of x meets together. */
  private static final int TOGETHER = 8;

  private final InterleavedFormat format;
  private final RunCodes codes;
  private final EncodedMatrix matrix;
  private final int blocks;
  private final int runs;
  private final RowGroups groups;

  private InterleavedMatrix(InterleavedFormat format, EncodedMatrix matrix) {
    this.format = format;
    this.matrix = matrix;
    codes = format.codes;
    blocks = matrix.cols / format.blockColumns;
    runs = blocks * format.runs();
    long groupBytes = (long) blocks * (format.halfBytes() + format.scaleBytes + format.codeBytes());
    groups = new RowGroups(matrix.data, matrix.rows, groupBytes, this::pack);
  }

  /** The matrix interleaved, if its encoding and its memory allow that. */
  static Optional<InterleavedMatrix> of(EncodedMatrix matrix) {
    return InterleavedFormat.of(matrix.dtype)
        .filter(format -> matrix.data.isNative() && matrix.rows > 0 && matrix.cols > 0)
        .map(format -> new InterleavedMatrix(format, matrix));
  }

  @Override
  public long bytes() {
    return groups.bytes();
  }

  @Override
  public boolean isPrepared() {
    return groups.isPrepared();
  }

  @Override
  public void prepare(int fromRow, int toRow) {
    groups.prepare(fromRow, toRow);
  }

  @Override
  public boolean isCopied() {
    return groups.isPrepared();
  }

  private void pack(int group, MemorySegment packed) {
    for (int lane = 0; lane < ROWS; lane++) {
      // Beyond the last row its weights are packed again, for results that nobody reads.
      long from = matrix.at(Math.min(group * ROWS + lane, matrix.rows - 1), 0);
      long halves = groups.at(group) + 2 * lane;
      long scales = scalesAt(group, 0) + lane;
      long to = codesAt(group, 0);
      for (int block = 0; block < blocks; block++) {
        format.packScales(matrix.data, from, packed, halves, scales);
        format.packCodes(matrix.data, from, packed, to, lane);
        from += format.blockBytes;
        halves += format.halfBytes();
        scales += format.scaleBytes;
        to += format.codeBytes();
      }
    }
  }

  /** Where a group has the scales that are bytes of a block. */
  private long scalesAt(int group, int block) {
    long halves = (long) blocks * format.halfBytes();
    return groups.at(group) + halves + (long) block * format.scaleBytes;
  }

  /** Where a group has the codes of a block. */
  private long codesAt(int group, int block) {
    return scalesAt(group, blocks) + (long) block * format.codeBytes();
  }

  /** Unpacks scales of blocks of a group, and addends behind them. */
  private void unpackScales(int group, int block, int count, float[] scales) {
    MemorySegment packed = groups.packed();
    long halves = groups.at(group) + (long) block * format.halfBytes();
    long bytes = scalesAt(group, block);
    format.unpackScales(packed, halves, bytes, count, scales, 0);
    format.unpackAddends(packed, bytes, count, scales, 0, count * format.runs() * ROWS);
  }

  @Override
  public void multiply(
      float[] x,
      int xOffset,
      int xStride,
      int m,
      float[] y,
      int yOffset,
      int yStride,
      int fromRow,
      int toRow) {
    InputRows rows = Scratch.ofThread().inputRows();
    rows.set(x, xOffset, xStride, m);
    multiply(rows, y, yOffset, yStride, fromRow, toRow);
  }

  @Override
  public void multiply(InputRows x, float[] y, int yOffset, int yStride, int fromRow, int toRow) {
    int m = x.count();
    if (m == 0 || fromRow >= toRow) {
      return;
    }
    prepare(fromRow, toRow);
    // Panels begin with a group.
    int aligned = m < MANY ? toRow : Math.min(toRow, (fromRow + ROWS - 1) / ROWS * ROWS);
    if (fromRow < aligned) {
      multiplyFew(x, y, yOffset, yStride, fromRow, aligned);
    }
    WeightProduct.multiply(
        this, x.data(), x.offset(0), x.stride(), m, y, yOffset, yStride, aligned, toRow);
  }

  private void multiplyFew(InputRows x, float[] y, int yo, int ys, int fromRow, int toRow) {
    int[] prepared = prepared(x);
    int last = (toRow - 1) / ROWS + 1;
    for (int group = fromRow / ROWS; group < last; group += TOGETHER) {
      int count = Math.min(TOGETHER, last - group);
      int from = Math.max(fromRow, group * ROWS);
      int to = Math.min(toRow, (group + count) * ROWS);
      float[] halves = halves(group, count);
      for (int i = 0; i < x.count(); i++) {
        float[] results = one(group, count, prepared, i * codes.preparedInts(runs), halves);
        System.arraycopy(results, from - group * ROWS, y, yo + i * ys + from, to - from);
      }
    }
  }

  /** The half-precision numbers of some groups. */
  private float[] halves(int group, int count) {
    Scratch scratch = Scratch.ofThread();
    int size = blocks * format.halves * ROWS;
    float[] halves = scratch.scales(TOGETHER * size);
    for (int i = 0; i < count; i++) {
      Interleaved.halves(groups.packed(), groups.at(group + i), size, halves, i * size);
    }
    return halves;
  }

  /** The products of a prepared row of x with some groups. */
  private float[] one(int group, int count, int[] x, int xo, float[] halves) {
    Scratch scratch = Scratch.ofThread();
    MemorySegment packed = groups.packed();
    long first = codesAt(group, 0);
    long stride = codesAt(group + 1, 0) - first;
    int[] sums = scratch.sums(TOGETHER * runs * ROWS);
    codes.sums(packed, first, stride, count, x, xo, runs, sums);
    float[] results = scratch.tile(TOGETHER * ROWS);
    Arrays.fill(results, 0, count * ROWS, 0f);
    int size = blocks * format.halves * ROWS;
    for (int i = 0; i < count; i++) {
      long bytes = scalesAt(group + i, 0);
      int from = i * runs * ROWS;
      format.addProducts(
          packed, bytes, blocks, halves, i * size, sums, from, x, xo, results, i * ROWS);
    }
    return results;
  }

  /** Rows as the loops want them, unless an earlier matrix has made them so. */
  private int[] prepared(InputRows x) {
    if (!x.hasNumbers(codes)) {
      int size = codes.preparedInts(runs);
      float[] data = x.data();
      int[] out = x.makeNumbers(codes, x.count() * size);
      for (int i = 0; i < x.count(); i++) {
        codes.prepare(data, x.offset(i), runs, out, i * size);
      }
    }
    return x.numbers();
  }

  @Override
  public int cols() {
    return matrix.cols;
  }

  /** Groups are as wide as some registers, and a panel holds some groups or a part of one. */
  @Override
  public float[] panel(int row, int columns, int col, int depth, Scratch scratch) {
    int width = PanelProduct.width(columns);
    float[] panel = scratch.panel(WIDE * WeightProduct.DEPTH);
    int block = col / format.blockColumns;
    int count = depth / format.blockColumns;
    int runsHere = count * format.runs();
    float[] scales = scratch.scales(2 * runsHere * ROWS);
    MemorySegment packed = groups.packed();
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      int group = (row + j) / ROWS;
      int lane = (row + j) % ROWS;
      if (j == 0 || lane == 0) {
        unpackScales(group, block, count, scales);
      }
      codes.unpack(packed, codesAt(group, block), lane, scales, runsHere, panel, j, width);
    }
    return panel;
  }
}
