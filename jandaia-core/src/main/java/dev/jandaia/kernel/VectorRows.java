package dev.jandaia.kernel;

/** Cached rows by the Vector API: decoded a few at a time into the first-level cache. */
final class VectorRows {
  /** Rows that are decoded together: as many as the tiles of attention want. */
  private static final int RUN = 64;

  private VectorRows() {}

  /**
   * {@link Kernels#dots(float[], int, int, int, CachedRows, CachedRows, int, int, float[], int,
   * int)}.
   */
  static void dots(
      Kernels kernels,
      float[] q,
      int qo,
      int qStride,
      int rows,
      CachedRows k,
      int row,
      int count,
      float[] out,
      int oo,
      int outStride) {
    int dim = k.dim();
    float[] floats = Scratch.ofThread().cached(RUN * dim);
    for (int done = 0; done < count; done += RUN) {
      int run = Math.min(RUN, count - done);
      decode(kernels, k, row + done, run, floats);
      kernels.dots(q, qo, qStride, rows, floats, 0, dim, run, dim, out, oo + done, outStride);
    }
  }

  /**
   * {@link Kernels#weightedSums(float[], int, int, int, CachedRows, CachedRows, int, int, int,
   * float[], int, int)}.
   */
  static void weightedSums(
      Kernels kernels,
      float[] p,
      int po,
      int pStride,
      int rows,
      CachedRows v,
      int row,
      int count,
      int columns,
      float[] out,
      int oo,
      int outStride) {
    int dim = v.dim();
    float[] floats = Scratch.ofThread().cached(RUN * dim);
    for (int done = 0; done < count; done += RUN) {
      int run = Math.min(RUN, count - done);
      decode(kernels, v, row + done, run, floats);
      kernels.weightedSums(
          p, po + done, pStride, rows, floats, 0, dim, run, columns, out, oo, outStride);
    }
  }

  private static void decode(Kernels kernels, CachedRows rows, int row, int count, float[] out) {
    int dim = rows.dim();
    switch (rows) {
      case CachedRows.Halves h -> kernels.halvesToFloats(h.data(), row * dim, out, 0, count * dim);
      case CachedRows.Brains b -> kernels.brainsToFloats(b.data(), row * dim, out, 0, count * dim);
      case CachedRows.Bytes b -> bytes(kernels, b, row, count, out);
      case CachedRows.Codes c -> {
        for (int i = 0; i < count; i++) {
          kernels.codesToFloats(c.packed(), row + i, c.table(), 1, out, i * dim);
        }
      }
    }
  }

  private static void bytes(
      Kernels kernels, CachedRows.Bytes rows, int row, int count, float[] out) {
    int dim = rows.dim();
    int groups = rows.groups();
    for (int i = 0; i < count; i++) {
      for (int group = 0; group < groups; group++) {
        int first = group * CachedRows.Bytes.GROUP;
        int length = Math.min(CachedRows.Bytes.GROUP, dim - first);
        float scale = Float.float16ToFloat(rows.scales()[(row + i) * groups + group]);
        int from = (row + i) * dim + first;
        kernels.bytesToFloats(rows.codes(), from, scale, out, i * dim + first, length);
      }
    }
  }
}
