package dev.jandaia.kernel;

import dev.jandaia.kernel.emitted.ElementKernels;
import dev.jandaia.kernel.emitted.FloatProducts;
import dev.jandaia.kernel.emitted.RowEncoding;
import dev.jandaia.kernel.emitted.RowKernels;
import dev.jandaia.kernel.emitted.RowPlace;
import dev.jandaia.machinecode.VectorLength;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Cached rows by machine code. For few queries codes become floats in registers only; many queries
 * share rows that are unpacked a few at a time into the first-level cache.
 */
final class EmittedRows {
  /** More queries are multiplied with unpacked rows. */
  private static final int MOST_QUERIES = 16;

  /** Rows that are unpacked together. */
  private static final int RUN = 64;

  private static final float[] NO_TABLE = {};

  private final VectorLength length;
  private final ElementKernels elements;
  private final FloatProducts products;
  private volatile RowKernels[] known = {};

  EmittedRows(VectorLength length, ElementKernels elements, FloatProducts products) {
    this.length = length;
    this.elements = elements;
    this.products = products;
  }

  /**
   * {@link Kernels#dots(float[], int, int, int, CachedRows, CachedRows, int, int, float[], int,
   * int)}.
   */
  void dots(
      float[] q,
      int qo,
      int qStride,
      int rows,
      CachedRows k,
      CachedRows next,
      int row,
      int count,
      float[] out,
      int oo,
      int outStride) {
    RowKernels kernels = kernels(k);
    RowScratch scratch = RowScratch.ofThread();
    int dim = k.dim();
    if (rows > MOST_QUERIES || !kernels.areTrusted()) {
      for (int done = 0; done < count; done += RUN) {
        int run = Math.min(RUN, count - done);
        float[] floats = unpack(kernels, scratch, k, next, row + done, run);
        products.dots(q, qo, qStride, rows, floats, 0, dim, run, dim, out, oo + done, outStride);
      }
      return;
    }
    for (int done = 0, queries; done < rows; done += queries) {
      queries = together(rows - done);
      float[] entered = scratch.queries(queries * dim);
      for (int i = 0; i < queries; i++) {
        System.arraycopy(q, qo + (done + i) * qStride, entered, i * dim, dim);
      }
      int target = oo + done * outStride;
      dots(kernels, scratch, queries, k, next, row, count, out, target, outStride);
    }
  }

  private void dots(
      RowKernels kernels,
      RowScratch scratch,
      int queries,
      CachedRows k,
      CachedRows next,
      int row,
      int count,
      float[] out,
      int oo,
      int outStride) {
    int tile = kernels.tileRows(queries);
    for (int done = 0, run; done < count; done += run) {
      int from = row + done;
      // Whole tiles are multiplied, and what was not asked for is left where it is.
      int before = from % tile;
      run = Math.min(count - done, RowKernels.MOST - before);
      int first = from - before;
      int tiles = Math.ceilDiv(before + run, tile);
      place(kernels, scratch, k, next, first, tiles * tile);
      kernels.scores(
          queries, scratch.place(), scratch.queryMemory(), scratch.weightMemory(), tiles);
      for (int i = 0; i < queries; i++) {
        int at = i * RowKernels.MOST + before;
        System.arraycopy(scratch.weights(), at, out, oo + i * outStride + done, run);
      }
    }
  }

  /**
   * {@link Kernels#weightedSums(float[], int, int, int, CachedRows, CachedRows, int, int, int,
   * float[], int, int)}.
   */
  void weightedSums(
      float[] p,
      int po,
      int pStride,
      int rows,
      CachedRows v,
      CachedRows next,
      int row,
      int count,
      int columns,
      float[] out,
      int oo,
      int outStride) {
    RowKernels kernels = kernels(v);
    RowScratch scratch = RowScratch.ofThread();
    if (rows > MOST_QUERIES || !RowKernels.serves(columns) || !kernels.areTrusted()) {
      for (int done = 0; done < count; done += RUN) {
        int run = Math.min(RUN, count - done);
        float[] floats = unpack(kernels, scratch, v, next, row + done, run);
        products.addSums(
            p, po + done, pStride, rows, floats, 0, v.dim(), run, columns, out, oo, outStride);
      }
      return;
    }
    for (int at = 0, run; at < count; at += run) {
      run = Math.min(RowKernels.MOST, count - at);
      place(kernels, scratch, v, next, row + at, run);
      for (int done = 0, queries; done < rows; done += queries) {
        queries = together(rows - done);
        float[] sums = scratch.queries(queries * columns);
        for (int i = 0; i < queries; i++) {
          int from = po + (done + i) * pStride + at;
          System.arraycopy(p, from, scratch.weights(), i * RowKernels.MOST, run);
        }
        kernels.sums(
            queries, scratch.place(), scratch.weightMemory(), scratch.queryMemory(), columns, run);
        for (int i = 0; i < queries; i++) {
          int target = oo + (done + i) * outStride;
          elements.add(sums, i * columns, out, target, columns);
        }
      }
    }
  }

  /** Rows as floats, one after the other. */
  private static float[] unpack(
      RowKernels kernels,
      RowScratch scratch,
      CachedRows rows,
      CachedRows next,
      int row,
      int count) {
    int dim = rows.dim();
    float[] floats = scratch.rows(RUN * dim);
    if (kernels.areTrusted()) {
      place(kernels, scratch, rows, next, row, count);
      kernels.unpack(scratch.place(), scratch.rowMemory(), count);
    } else {
      for (int i = 0; i < count * dim; i++) {
        floats[i] = rows.get(row + i / dim, i % dim);
      }
    }
    return floats;
  }

  private static int together(int queries) {
    return queries >= 4 ? 4 : queries >= 2 ? 2 : 1;
  }

  private static void place(
      RowKernels kernels,
      RowScratch scratch,
      CachedRows rows,
      CachedRows next,
      int row,
      int count) {
    RowPlace place = scratch.place();
    place.rows(memory(rows), memory(next), (long) row * kernels.rowBytes());
    long stored = (long) row * kernels.storedOtherBytes();
    switch (rows) {
      case CachedRows.Shorts _ -> {}
      case CachedRows.Bytes b -> {
        int groups = b.groups();
        float[] scales = scratch.scales(count * groups);
        for (int i = 0; i < count * groups; i++) {
          scales[i] = Float.float16ToFloat(b.scales()[row * groups + i]);
        }
        place.others(scratch.scaleMemory(), 0);
        place.nextOthers(((CachedRows.Bytes) next).scaleMemory(), stored);
      }
      case CachedRows.Codes c -> {
        place.others(c.packed().upperMemory(), stored);
        place.nextOthers(((CachedRows.Codes) next).packed().upperMemory(), stored);
      }
    }
  }

  private static MemorySegment memory(CachedRows rows) {
    return switch (rows) {
      case CachedRows.Halves h -> h.memory();
      case CachedRows.Brains b -> b.memory();
      case CachedRows.Bytes b -> b.memory();
      case CachedRows.Codes c -> c.packed().memory();
    };
  }

  private RowKernels kernels(CachedRows rows) {
    RowEncoding encoding = encoding(rows);
    float[] table = rows instanceof CachedRows.Codes c ? c.table() : NO_TABLE;
    RowKernels found = find(encoding, rows.dim(), table);
    return found != null ? found : make(encoding, rows.dim(), table);
  }

  private static RowEncoding encoding(CachedRows rows) {
    return switch (rows) {
      case CachedRows.Halves _ -> RowEncoding.F16;
      case CachedRows.Brains _ -> RowEncoding.BF16;
      case CachedRows.Bytes _ -> RowEncoding.Q8_0;
      case CachedRows.Codes c ->
          switch (c.packed().bits()) {
            case 1 -> RowEncoding.CODES_1;
            case 2 -> RowEncoding.CODES_2;
            case 3 -> RowEncoding.CODES_3;
            default -> RowEncoding.CODES_4;
          };
    };
  }

  private RowKernels find(RowEncoding encoding, int dim, float[] table) {
    for (RowKernels kernels : known) {
      if (kernels.serves(encoding, dim, table)) {
        return kernels;
      }
    }
    return null;
  }

  private synchronized RowKernels make(RowEncoding encoding, int dim, float[] table) {
    RowKernels found = find(encoding, dim, table);
    if (found == null) {
      found = new RowKernels(length, encoding, dim, table);
      RowKernels[] more = Arrays.copyOf(known, known.length + 1);
      more[known.length] = found;
      known = more;
    }
    return found;
  }
}
