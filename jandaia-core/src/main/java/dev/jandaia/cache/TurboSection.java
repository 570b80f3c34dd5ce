package dev.jandaia.cache;

import dev.jandaia.cache.turbo.Codebook;
import dev.jandaia.cache.turbo.Rotation;
import dev.jandaia.kernel.CachedRows.Codes;
import dev.jandaia.kernel.Kernels;
import java.util.Optional;

/**
 * A part of a row that TurboQuant (2504.19874) quantises by itself. With Π its rotation and c the
 * codebook of unit vectors of its size, x is stored as ‖x‖ and the numbers of the values nearest to
 * Π·x/‖x‖. With a residual r of that and Q a second rotation, ‖r‖ and sign(Q·r) too: ⟨y, r⟩ is then
 * estimated by √(π/2)·‖r‖/√d·⟨Q·Π·y, sign(Q·r)⟩ (2406.03482, a rotation in place of Gaussians).
 *
 * @param start of the section in a row
 * @param dim elements
 */
record TurboSection(
    int start,
    int dim,
    int bits,
    Rotation rotation,
    Optional<Rotation> second,
    float[] table,
    float[] boundaries,
    float signFactor) {

  private static final float[] SIGNS = {-1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  private static final float LARGEST = 65504;

  static TurboSection of(int start, int dim, int bits, boolean residual) {
    int codeBits = residual ? bits - 1 : bits;
    Codebook codebook = Codebook.sphere(Math.max(2, dim), codeBits);
    return new TurboSection(
        start,
        dim,
        codeBits,
        Rotation.of(dim, 1),
        residual ? Optional.of(Rotation.of(dim, 2)) : Optional.empty(),
        codebook.table(),
        codebook.floatBoundaries(),
        (float) Math.sqrt(Math.PI / 2 / dim));
  }

  /**
   * Memory of a block's rows.
   *
   * @param norms halves
   * @param signs of projected residuals, and their norms as halves; none without a residual
   */
  record Rows(Codes codes, short[] norms, Optional<Signs> signs) {
    Rows copy() {
      return new Rows(codes.copy(), norms.clone(), signs.map(Signs::copy));
    }

    long bytes() {
      return codes.bytes() + 2L * norms.length + signs.map(Signs::bytes).orElse(0L);
    }
  }

  record Signs(Codes codes, short[] norms) {
    Signs copy() {
      return new Signs(codes.copy(), norms.clone());
    }

    long bytes() {
      return codes.bytes() + 2L * norms.length;
    }
  }

  Rows newRows(int rows) {
    Optional<Signs> signs =
        second.map(_ -> new Signs(new Codes(rows, dim, 1, SIGNS), new short[rows]));
    return new Rows(new Codes(rows, dim, bits, table), new short[rows], signs);
  }

  /**
   * Quantises a row's elements from {@link #start} on; {@code row}, {@code codes} and {@code
   * residual} are written over.
   */
  void write(Kernels kernels, float[] row, byte[] codes, float[] residual, Rows to, int at) {
    to.norms()[at] = unit(kernels, row, start);
    rotation.apply(kernels, row, start);
    for (int i = 0; i < dim; i++) {
      codes[i] = nearest(row[start + i]);
    }
    to.codes().packed().set(at, codes);
    if (second.isPresent()) {
      for (int i = 0; i < dim; i++) {
        residual[i] = row[start + i] - table[codes[i]];
      }
      Signs signs = to.signs().orElseThrow();
      signs.norms()[at] = unit(kernels, residual, 0);
      second.get().apply(kernels, residual, 0);
      for (int i = 0; i < dim; i++) {
        codes[i] = (byte) (residual[i] < 0 ? 0 : 1);
      }
      signs.codes().packed().set(at, codes);
    }
  }

  /** Divides by the norm and returns it as a half; zeros stay. */
  private short unit(Kernels kernels, float[] x, int offset) {
    float norm = (float) Math.sqrt(kernels.sumOfSquares(x, offset, dim));
    kernels.scale(norm == 0 ? 0 : 1 / norm, x, offset, dim);
    return Float.floatToFloat16(Math.min(norm, LARGEST));
  }

  /** How many boundaries lie below x: a search by halves. */
  private byte nearest(float x) {
    int code = 0;
    for (int step = boundaries.length + 1 >> 1; step > 0; step >>= 1) {
      code += x > boundaries[code + step - 1] ? step : 0;
    }
    return (byte) code;
  }

  /**
   * Adds the section's part of scores.
   *
   * @param queries {@code [queryRows, queryDim]} dense, entered
   * @param rowDim elements of a whole row: projected queries follow them
   * @param out {@code [queryRows, count]} with row stride {@code outStride}
   */
  void addDots(
      CacheReader reader,
      Rows rows,
      Rows next,
      int row,
      int count,
      float[] queries,
      int queryOffset,
      int queryDim,
      int queryRows,
      int rowDim,
      float[] out,
      int outOffset,
      int outStride) {
    Kernels kernels = reader.kernels();
    float[] factors = norms(reader, rows, row, count);
    float[] part = reader.scores(queryRows * count);
    int query = queryOffset + start;
    kernels.dots(
        queries,
        query,
        queryDim,
        queryRows,
        rows.codes(),
        next.codes(),
        row,
        count,
        part,
        0,
        count);
    add(kernels, part, factors, queryRows, count, out, outOffset, outStride);
    if (second.isPresent()) {
      Signs signs = rows.signs().orElseThrow();
      for (int i = 0; i < count; i++) {
        factors[i] *= signFactor * Float.float16ToFloat(signs.norms()[row + i]);
      }
      query += rowDim;
      Codes codes = signs.codes();
      Codes nextCodes = next.signs().orElseThrow().codes();
      kernels.dots(
          queries, query, queryDim, queryRows, codes, nextCodes, row, count, part, 0, count);
      add(kernels, part, factors, queryRows, count, out, outOffset, outStride);
    }
  }

  private static float[] norms(CacheReader reader, Rows rows, int row, int count) {
    float[] factors = reader.factors(count);
    reader.kernels().halvesToFloats(rows.norms(), row, factors, 0, count);
    return factors;
  }

  private static void add(
      Kernels kernels,
      float[] part,
      float[] factors,
      int queryRows,
      int count,
      float[] out,
      int outOffset,
      int outStride) {
    for (int r = 0; r < queryRows; r++) {
      kernels.multiply(factors, 0, part, r * count, count);
      kernels.add(part, r * count, out, outOffset + r * outStride, count);
    }
  }

  /**
   * Adds the section's columns, as far as they are among the first {@code valueDim}, of weighted
   * sums of rows without residuals.
   *
   * @param weights {@code [weightRows, count]} with row stride {@code weightStride}
   * @param out {@code [weightRows, valueDim]} dense
   */
  void addSums(
      CacheReader reader,
      Rows rows,
      Rows next,
      int row,
      int count,
      int valueDim,
      float[] weights,
      int weightOffset,
      int weightStride,
      int weightRows,
      float[] out,
      int outOffset) {
    int columns = Math.min(dim, valueDim - start);
    if (columns <= 0) {
      return;
    }
    Kernels kernels = reader.kernels();
    float[] factors = norms(reader, rows, row, count);
    float[] scaled = reader.weights(weightRows * count);
    for (int r = 0; r < weightRows; r++) {
      System.arraycopy(weights, weightOffset + r * weightStride, scaled, r * count, count);
      kernels.multiply(factors, 0, scaled, r * count, count);
    }
    int target = outOffset + start;
    kernels.weightedSums(
        scaled,
        0,
        count,
        weightRows,
        rows.codes(),
        next.codes(),
        row,
        count,
        columns,
        out,
        target,
        valueDim);
  }

  /** Rotates the section of a query. */
  void enter(Kernels kernels, float[] query, int offset, int rowDim) {
    rotation.apply(kernels, query, offset + start);
    if (second.isPresent()) {
      System.arraycopy(query, offset + start, query, offset + rowDim + start, dim);
      second.get().apply(kernels, query, offset + rowDim + start);
    }
  }

  /** Rotates the section of a sum back. */
  void leave(Kernels kernels, float[] sum) {
    rotation.undo(kernels, sum, start);
  }
}
