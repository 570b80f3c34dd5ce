package dev.jandaia.cache;

import dev.jandaia.kernel.Kernels;

/**
 * What one thread reads caches with: kernels, and working memory that grows to the largest size
 * asked for and is then kept.
 */
public final class CacheReader {
  private final Kernels kernels;
  private float[] queries = {};
  private float[] scores = {};
  private float[] weights = {};
  private float[] factors = {};

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

  /** Memory for a part of some scores. */
  float[] scores(int length) {
    return scores.length >= length ? scores : (scores = new float[length]);
  }

  /** Memory for weights that are multiplied by something. */
  float[] weights(int length) {
    return weights.length >= length ? weights : (weights = new float[length]);
  }

  /** Memory for a factor of each of some rows. */
  float[] factors(int length) {
    return factors.length >= length ? factors : (factors = new float[length]);
  }
}
