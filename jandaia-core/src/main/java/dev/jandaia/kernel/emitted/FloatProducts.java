package dev.jandaia.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Products of matrices of floats by machine code. Few rows are multiplied with the other matrix
 * where it lies; many rows share panels of it.
 */
public final class FloatProducts {
  /** From this many rows on a panel costs less than it saves. */
  private static final int MANY = 12;

  /** The depth of a panel, which stays in the first-level cache. */
  private static final int DEPTH = 256;

  /** Tiles per call: bounds the time in which the virtual machine cannot stop the thread. */
  private static final int TILES = 64;

  /** Rows of the other matrix per call, for the same reason. */
  private static final int RUN = 256;

  private static final int STEP = TransposeKernel.SIZE;

  /** Columns that few rows may have: the count of steps has sixteen bits. */
  public static final int MOST_COLUMNS = STEP << 15;

  private static final LazyCode FEW_DOTS = new LazyCode(FewDotsKernel.QUERIES, FewDotsKernel::of);
  private static final LazyCode FEW_SUMS = new LazyCode(FewSumsKernel.QUERIES, FewSumsKernel::of);
  private static final LazyCode TRANSPOSE = new LazyCode(STEP, TransposeKernel::of);
  private static final LazyCode COPY = new LazyCode(1, _ -> PanelCopyKernel.code());
  private static final TileCode TILE = new TileCode(FloatTileKernel.ROWS, FloatTileKernel::of);

  private FloatProducts() {}

  /** Whether they compute what they should on this processor. */
  public static boolean areTrusted() {
    return Trust.GIVEN;
  }

  /** Asked once. */
  private static final class Trust {
    static final boolean GIVEN = FloatSelfTest.passes();
  }

  /**
   * out[r·outStride + j] = Σ_d q[r·qStride + d]·k[j·kStride + d], r in 0..rows, j in 0..count, d in
   * 0..dim.
   */
  public static void dots(
      float[] q,
      int qo,
      int qStride,
      int rows,
      float[] k,
      int ko,
      int kStride,
      int count,
      int dim,
      float[] out,
      int oo,
      int outStride) {
    check(k.length, ko, kStride, count, dim);
    FloatPlace place = NativeScratch.ofThread().place().in(k, ko, kStride);
    dots(q, qo, qStride, rows, place, count, dim, out, oo, outStride);
  }

  /** As above, the keys outside the heap. */
  public static void dots(
      float[] q,
      int qo,
      int qStride,
      int rows,
      MemorySegment k,
      int ko,
      int kStride,
      int count,
      int dim,
      float[] out,
      int oo,
      int outStride) {
    check(k.byteSize() / Float.BYTES, ko, kStride, count, dim);
    FloatPlace place = NativeScratch.ofThread().place().in(k, ko, kStride);
    dots(q, qo, qStride, rows, place, count, dim, out, oo, outStride);
  }

  private static void dots(
      float[] q,
      int qo,
      int qStride,
      int rows,
      FloatPlace k,
      int count,
      int dim,
      float[] out,
      int oo,
      int outStride) {
    check(q.length, qo, qStride, rows, dim);
    check(out.length, oo, outStride, rows, count);
    if (rows == 0 || count == 0) {
      return;
    }
    if (rows < MANY || dim == 0) {
      fewDots(q, qo, qStride, rows, k, count, dim, out, oo, outStride);
      return;
    }
    for (int j = 0; j < count; j += FloatTileKernel.COLUMNS) {
      int columns = Math.min(FloatTileKernel.COLUMNS, count - j);
      for (int d = 0; d < dim; d += DEPTH) {
        int depth = Math.min(DEPTH, dim - d);
        MemorySegment panel = transposed(k, j, d, columns, depth);
        Onto onto = d == 0 ? Onto.ZERO : Onto.RESULTS;
        tiles(onto, q, qo + d, qStride, rows, panel, depth, columns, out, oo + j, outStride);
      }
    }
  }

  private static void fewDots(
      float[] q,
      int qo,
      int qStride,
      int rows,
      FloatPlace k,
      int count,
      int dim,
      float[] out,
      int oo,
      int outStride) {
    for (int j = 0; j < count; j += RUN) {
      long numbers = FloatArguments.numbers(Math.min(RUN, count - j), dim / STEP, dim % STEP);
      for (int r = 0, queries; r < rows; r += queries) {
        queries = Math.min(FewDotsKernel.QUERIES, rows - r);
        long in = FloatArguments.place(qo + r * qStride, qStride);
        long to = FloatArguments.place(oo + r * outStride + j, outStride);
        k.multiply(FEW_DOTS.forRows(queries), q, in, j, out, to, numbers);
      }
    }
  }

  /**
   * out[r·outStride + d] += Σ_j p[r·pStride + j]·v[j·vStride + d], r in 0..rows, d in 0..dim, j in
   * 0..count.
   */
  public static void addSums(
      float[] p,
      int po,
      int pStride,
      int rows,
      float[] v,
      int vo,
      int vStride,
      int count,
      int dim,
      float[] out,
      int oo,
      int outStride) {
    check(v.length, vo, vStride, count, dim);
    FloatPlace place = NativeScratch.ofThread().place().in(v, vo, vStride);
    addSums(p, po, pStride, rows, place, count, dim, out, oo, outStride);
  }

  /** As above, the rows that are summed outside the heap. */
  public static void addSums(
      float[] p,
      int po,
      int pStride,
      int rows,
      MemorySegment v,
      int vo,
      int vStride,
      int count,
      int dim,
      float[] out,
      int oo,
      int outStride) {
    check(v.byteSize() / Float.BYTES, vo, vStride, count, dim);
    FloatPlace place = NativeScratch.ofThread().place().in(v, vo, vStride);
    addSums(p, po, pStride, rows, place, count, dim, out, oo, outStride);
  }

  private static void addSums(
      float[] p,
      int po,
      int pStride,
      int rows,
      FloatPlace v,
      int count,
      int dim,
      float[] out,
      int oo,
      int outStride) {
    check(p.length, po, pStride, rows, count);
    check(out.length, oo, outStride, rows, dim);
    if (rows == 0 || count == 0 || dim == 0) {
      return;
    }
    if (rows < MANY) {
      addFewSums(p, po, pStride, rows, v, count, dim, out, oo, outStride);
      return;
    }
    for (int d = 0; d < dim; d += FloatTileKernel.COLUMNS) {
      int columns = Math.min(FloatTileKernel.COLUMNS, dim - d);
      for (int j = 0; j < count; j += DEPTH) {
        int depth = Math.min(DEPTH, count - j);
        MemorySegment panel = panel(depth);
        long numbers = FloatArguments.numbers(depth, 0, columns);
        v.copy(COPY.forRows(1), j, d, panel, 0, numbers);
        tiles(
            Onto.RESULTS, p, po + j, pStride, rows, panel, depth, columns, out, oo + d, outStride);
      }
    }
  }

  private static void addFewSums(
      float[] p,
      int po,
      int pStride,
      int rows,
      FloatPlace v,
      int count,
      int dim,
      float[] out,
      int oo,
      int outStride) {
    for (int j = 0; j < count; j += RUN) {
      long numbers = FloatArguments.numbers(Math.min(RUN, count - j), dim / STEP, dim % STEP);
      for (int r = 0, queries; r < rows; r += queries) {
        queries = Math.min(FewSumsKernel.QUERIES, rows - r);
        long in = FloatArguments.place(po + r * pStride + j, pStride);
        long to = FloatArguments.place(oo + r * outStride, outStride);
        v.multiply(FEW_SUMS.forRows(queries), p, in, j, out, to, numbers);
      }
    }
  }

  /** A panel whose columns are rows {@code row} … of {@code k}, from {@code column} on. */
  private static MemorySegment transposed(FloatPlace k, int row, int column, int rows, int depth) {
    int squares = Math.ceilDiv(depth, STEP);
    MemorySegment panel = panel(squares * STEP);
    long numbers = FloatArguments.numbers(squares, 0, depth - (squares - 1) * STEP);
    for (int i = 0; i < rows; i += STEP) {
      k.copy(TRANSPOSE.forRows(Math.min(STEP, rows - i)), row + i, column, panel, i, numbers);
    }
    return panel;
  }

  private static MemorySegment panel(int depth) {
    return NativeScratch.ofThread().panels((long) depth * FloatTileKernel.PANEL_BYTES);
  }

  private static void tiles(
      Onto onto,
      float[] x,
      int xo,
      int xStride,
      int rows,
      MemorySegment panel,
      int depth,
      int columns,
      float[] y,
      int yo,
      int yStride) {
    for (int r = 0, tile, tiles; r < rows; r += tile * tiles) {
      tile = Math.min(FloatTileKernel.ROWS, rows - r);
      tiles = Math.min(TILES, (rows - r) / tile);
      long in = FloatArguments.place(xo + r * xStride, xStride);
      long to = FloatArguments.place(yo + r * yStride, yStride);
      long numbers = FloatArguments.numbers(tiles, depth, columns);
      TILE.of(tile, onto).call(x, panel.address(), y, in, 0, to, numbers, 0);
    }
  }

  /** Machine code does not notice the end of an array. */
  private static void check(long length, int offset, int stride, int rows, int columns) {
    if (rows > 0 && columns > 0) {
      Objects.checkFromIndexSize(offset, (rows - 1L) * stride + columns, length);
    }
  }
}
