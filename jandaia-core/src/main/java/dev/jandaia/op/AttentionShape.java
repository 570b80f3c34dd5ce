package dev.jandaia.op;

/**
 * The geometry of softmax attention.
 *
 * @param heads query heads, H
 * @param kvHeads key/value heads, G; query head h reads key/value head ⌊h·G/H⌋
 * @param keyDim elements of a query or key head
 * @param valueDim elements of a value head
 * @param scale factor on the scores
 * @param softCap c of c·tanh(z/c) on the scaled scores; 0 for none
 * @param window keys a query sees, itself included; {@link Integer#MAX_VALUE} for all
 * @param chunk a query sees no key before the last multiple of this position; {@link
 *     Integer#MAX_VALUE} for no such bound
 */
public record AttentionShape(
    int heads,
    int kvHeads,
    int keyDim,
    int valueDim,
    float scale,
    float softCap,
    int window,
    int chunk) {

  /** Every key up to the query's position is visible. */
  public AttentionShape(
      int heads, int kvHeads, int keyDim, int valueDim, float scale, float softCap) {
    this(heads, kvHeads, keyDim, valueDim, scale, softCap, Integer.MAX_VALUE);
  }

  /** The last {@code window} keys are visible. */
  public AttentionShape(
      int heads, int kvHeads, int keyDim, int valueDim, float scale, float softCap, int window) {
    this(heads, kvHeads, keyDim, valueDim, scale, softCap, window, Integer.MAX_VALUE);
  }

  /** This shape with a window. */
  public AttentionShape withWindow(int keys) {
    return new AttentionShape(heads, kvHeads, keyDim, valueDim, scale, softCap, keys, chunk);
  }

  /** This shape with chunks. */
  public AttentionShape withChunk(int keys) {
    return new AttentionShape(heads, kvHeads, keyDim, valueDim, scale, softCap, window, keys);
  }

  int kvHead(int head) {
    return head / (heads / kvHeads);
  }

  /** The first position that a query at {@code position} sees. */
  int firstVisible(int position) {
    return Math.max(position - position % chunk, position - window + 1);
  }

  /** Scales and caps raw scores in place. */
  void finishScores(float[] scores, int count) {
    for (int i = 0; i < count; i++) {
      scores[i] *= scale;
    }
    cap(scores, 0, count);
  }

  /** Caps scaled scores in place. */
  void cap(float[] scores, int offset, int count) {
    for (int i = offset; softCap != 0 && i < offset + count; i++) {
      scores[i] = SoftCap.value(scores[i], softCap);
    }
  }

  /** ∂(finished score)/∂(raw score) in terms of the finished score. */
  float scoreSlope(float finished) {
    return softCap == 0 ? scale : scale * SoftCap.slope(finished, softCap);
  }
}
