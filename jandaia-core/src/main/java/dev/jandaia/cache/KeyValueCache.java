package dev.jandaia.cache;

/** The keys and values that one layer remembers of one sequence, by position. */
public non-sealed interface KeyValueCache extends LayerCache, KeysAndValues {

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

  @Override
  KeyValueCache fork();
}
