package dev.jandaia.cache;

import dev.jandaia.kernel.Kernels;

/**
 * What one thread reads caches with: kernels, and working memory that grows to the largest size
 * asked for and is then kept.
 */
public final class CacheReader {
  private final Kernels kernels;
  private float[] queries = {};
  private float[] rows = {};

  public CacheReader(Kernels kernels) {
    this.kernels = kernels;
  }

  Kernels kernels() {
    return kernels;
  }

  /** Memory for entered queries. */
  float[] queries(int length) {
    return queries.length >= length ? queries : (queries = new float[length]);
  }

  /** Memory for a block of rows that are read as floats. */
  float[] rows(int length) {
    return rows.length >= length ? rows : (rows = new float[length]);
  }
}
