package dev.jandaia.cache;

import dev.jandaia.kernel.Kernels;

/**
 * The keys and values that one layer remembers of one sequence, by position. How they are stored is
 * hidden behind two questions: how well does a query match a run of keys, and what is the weighted
 * sum of a run of values.
 */
public interface KeyValueCache {

  /** The first position that is still held. */
  int start();

  /** One past the last position. */
  int end();

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

  /**
   * Whether positions from {@code end} on can be forgotten: a sliding cache may already have
   * dropped earlier ones that the position {@code end} looks at.
   */
  boolean canTruncate(int end);

  /**
   * Forgets all positions from {@code end} on.
   *
   * @throws IllegalStateException if not {@link #canTruncate}
   */
  void truncate(int end);

  /** An independent copy. */
  KeyValueCache fork();

  /** Bytes of memory held. */
  long bytes();
}
