package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.VectorLength;
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

  /** Columns of a register: of a step of few rows, and of a square. */
  private final int step;

  private final int dotQueries;
  private final int sumQueries;
  private final int tileRows;
  private final int panelColumns;
  private final LazyCode fewDots;
  private final LazyCode fewSums;
  private final LazyCode transpose;
  private final LazyCode copy;
  private final TileCode tile;
  private final boolean trusted;

  /** Tests them, for registers of a length that this processor has. */
  public FloatProducts(VectorLength length) {
    step = length.lanes();
    dotQueries = FewDotsKernel.queries(length);
    sumQueries = FewSumsKernel.queries(length);
    tileRows = FloatTileKernel.rows(length);
    panelColumns = FloatTileKernel.columns(length);
    fewDots = new LazyCode(dotQueries, rows -> FewDotsKernel.of(length.assembler(), rows));
    fewSums = new LazyCode(sumQueries, rows -> FewSumsKernel.of(length.assembler(), rows));
    transpose = new LazyCode(step, rows -> TransposeKernel.of(length.assembler(), rows));
    copy = new LazyCode(1, _ -> PanelCopyKernel.code(length.assembler()));
    tile =
        new TileCode(tileRows, (rows, onto) -> FloatTileKernel.of(length.assembler(), rows, onto));
    trusted = new FloatSelfTest(this).passes();
  }

  /** Whether they compute what they should on this processor. */
  public boolean areTrusted() {
    return trusted;
  }

  /** Columns that few rows may have: the count of steps has sixteen bits. */
  public int mostColumns() {
    return step << 15;
  }

  /**
   * out[r·outStride + j] = Σ_d q[r·qStride + d]·k[j·kStride + d], r in 0..rows, j in 0..count, d in
   * 0..dim.
   */
  public void dots(
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
  public void dots(
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

  private void dots(
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
    for (int j = 0; j < count; j += panelColumns) {
      int columns = Math.min(panelColumns, count - j);
      for (int d = 0; d < dim; d += DEPTH) {
        int depth = Math.min(DEPTH, dim - d);
        MemorySegment panel = transposed(k, j, d, columns, depth);
        Onto onto = d == 0 ? Onto.ZERO : Onto.RESULTS;
        tiles(onto, q, qo + d, qStride, rows, panel, depth, columns, out, oo + j, outStride);
      }
    }
  }

  private void fewDots(
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
      long numbers = FloatArguments.numbers(Math.min(RUN, count - j), dim / step, dim % step);
      for (int r = 0, queries; r < rows; r += queries) {
        queries = Math.min(dotQueries, rows - r);
        long in = FloatArguments.place(qo + r * qStride, qStride);
        long to = FloatArguments.place(oo + r * outStride + j, outStride);
        k.multiply(fewDots.forRows(queries), q, in, j, out, to, numbers);
      }
    }
  }

  /**
   * out[r·outStride + d] += Σ_j p[r·pStride + j]·v[j·vStride + d], r in 0..rows, d in 0..dim, j in
   * 0..count.
   */
  public void addSums(
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
  public void addSums(
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

  private void addSums(
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
    for (int d = 0; d < dim; d += panelColumns) {
      int columns = Math.min(panelColumns, dim - d);
      for (int j = 0; j < count; j += DEPTH) {
        int depth = Math.min(DEPTH, count - j);
        MemorySegment panel = panel(depth);
        long numbers = FloatArguments.numbers(depth, 0, columns);
        v.copy(copy.forRows(1), j, d, panel, 0, numbers);
        tiles(
            Onto.RESULTS, p, po + j, pStride, rows, panel, depth, columns, out, oo + d, outStride);
      }
    }
  }

  private void addFewSums(
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
      long numbers = FloatArguments.numbers(Math.min(RUN, count - j), dim / step, dim % step);
      for (int r = 0, queries; r < rows; r += queries) {
        queries = Math.min(sumQueries, rows - r);
        long in = FloatArguments.place(po + r * pStride + j, pStride);
        long to = FloatArguments.place(oo + r * outStride, outStride);
        v.multiply(fewSums.forRows(queries), p, in, j, out, to, numbers);
      }
    }
  }

  /** A panel whose columns are rows {@code row} … of {@code k}, from {@code column} on. */
  private MemorySegment transposed(FloatPlace k, int row, int column, int rows, int depth) {
    int squares = Math.ceilDiv(depth, step);
    MemorySegment panel = panel(squares * step);
    long numbers = FloatArguments.numbers(squares, 0, depth - (squares - 1) * step);
    for (int i = 0; i < rows; i += step) {
      k.copy(transpose.forRows(Math.min(step, rows - i)), row + i, column, panel, i, numbers);
    }
    return panel;
  }

  private MemorySegment panel(int depth) {
    return NativeScratch.ofThread().panels((long) depth * panelColumns * Float.BYTES);
  }

  private void tiles(
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
    for (int r = 0, height, tiles; r < rows; r += height * tiles) {
      height = Math.min(tileRows, rows - r);
      tiles = Math.min(TILES, (rows - r) / height);
      long in = FloatArguments.place(xo + r * xStride, xStride);
      long to = FloatArguments.place(yo + r * yStride, yStride);
      long numbers = FloatArguments.numbers(tiles, depth, columns);
      tile.of(height, onto).call(x, panel.address(), y, in, 0, to, numbers, 0);
    }
  }

  /** Machine code does not notice the end of an array. */
  private static void check(long length, int offset, int stride, int rows, int columns) {
    if (rows > 0 && columns > 0) {
      Objects.checkFromIndexSize(offset, (rows - 1L) * stride + columns, length);
    }
  }
}
