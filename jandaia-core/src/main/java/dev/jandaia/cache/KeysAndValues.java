package dev.jandaia.cache;

/**
 * Keys and values of consecutive positions, as attention reads them. How they are stored is hidden
 * behind two questions: how well do queries match a run of keys, and what are the weighted sums of
 * a run of values. A store may hold its rows rotated; queries then {@link #enter} its space once,
 * and sums {@link #leave} it once.
 */
public interface KeysAndValues {

  /**
   * Queries in the form that {@link #scores} wants: the same array, or one of the reader's, valid
   * until the next call.
   *
   * @param head the key/value head that they are for
   * @param queries {@code [rows, keyDim]} dense; not changed
   */
  default float[] enter(CacheReader reader, int head, float[] queries, int rows) {
    return queries;
  }

  /** Elements of an {@link #enter}ed query. */
  int queryDim();

  /**
   * out[r, j] = query r · key of position from + j, for one key/value head; all positions must be
   * held.
   *
   * @param queries {@code [rows, queryDim]} dense, entered
   * @param out {@code [rows, count]} with row stride {@code outStride}
   */
  void scores(
      CacheReader reader,
      int head,
      float[] queries,
      int queryOffset,
      int rows,
      int from,
      int count,
      float[] out,
      int outOffset,
      int outStride);

  /**
   * out[r] += Σ_j weights[r, j] · value of position from + j, for one key/value head.
   *
   * @param weights {@code [rows, count]} with row stride {@code weightStride}
   * @param out {@code [rows, valueDim]} dense
   */
  void addValues(
      CacheReader reader,
      int head,
      float[] weights,
      int weightOffset,
      int weightStride,
      int rows,
      int from,
      int count,
      float[] out,
      int outOffset);

  /**
   * Takes sums of values back to the space that they were appended in, in place.
   *
   * @param sums {@code [rows, valueDim]} dense
   */
  default void leave(CacheReader reader, int head, float[] sums, int rows) {}
}
