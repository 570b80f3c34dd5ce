package dev.jandaia.cache;

import dev.jandaia.kernel.Kernels;

/**
 * The keys and values that one layer remembers of one sequence, by position. How they are stored is
 * hidden behind two questions: how well does a query match a run of keys, and what is the weighted
 * sum of a run of values.
 */
public non-sealed interface KeyValueCache extends LayerCache {

  /** The first position that is still held. */
  int start();

  /**
   * Appends the keys and values of {@code count} further positions.
   *
   * @param keys {@code [count, heads·keyDim]} with row stride {@code keyStride}
   * @param values {@code [count, heads·valueDim]} with row stride {@code valueStride}
   */
  void append(
      float[] keys,
      int keyOffset,
      int keyStride,
      float[] values,
      int valueOffset,
      int valueStride,
      int count);

  /**
   * out[j] = query · key of position from + j, for one key/value head; all positions must be held.
   */
  void scores(
      Kernels kernels,
      int head,
      float[] query,
      int queryOffset,
      int from,
      int count,
      float[] out,
      int outOffset);

  /** out += Σ_j weights[j] · value of position from + j, for one key/value head. */
  void addValues(
      Kernels kernels,
      int head,
      float[] weights,
      int weightOffset,
      int from,
      int count,
      float[] out,
      int outOffset);

  @Override
  KeyValueCache fork();
}
