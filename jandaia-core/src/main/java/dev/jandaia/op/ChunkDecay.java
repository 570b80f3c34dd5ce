package dev.jandaia.op;

/** How the decays of a chunk enter the products of {@link DeltaChunk}. */
interface ChunkDecay {

  /**
   * Meets tokens {@code row} … {@code row + n − 1} with each other.
   *
   * @param left {@code [2n, keyDim]}, rows for keys and rows for queries x_t; becomes a_t∘x_t
   * @param scores {@code [2n, LENGTH]}, becomes x_t·(a_ts∘k_s): for keys where s &lt; t, for
   *     queries where s ≤ t, and zero where s &gt; t
   * @param late {@code [keyDim, LENGTH]}, becomes a_ns∘k_s, one column per token
   */
  void meet(DeltaStep step, int row, int n, int head, float[] left, float[] scores, float[] late);

  /** S ← diag(a_n)·S, of the chunk that met last. */
  void age(float[] state, int offset, int valueDim);
}
