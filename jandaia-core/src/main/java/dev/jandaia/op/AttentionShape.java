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
 */
public record AttentionShape(
    int heads, int kvHeads, int keyDim, int valueDim, float scale, float softCap, int window) {

  int kvHead(int head) {
    return head / (heads / kvHeads);
  }

  /** The first position that a query at {@code position} sees. */
  int firstVisible(int position) {
    return Math.max(0, position - window + 1);
  }

  /** Scales and caps raw scores in place. */
  void finishScores(float[] scores, int count) {
    for (int i = 0; i < count; i++) {
      float scaled = scores[i] * scale;
      scores[i] = softCap == 0 ? scaled : SoftCap.value(scaled, softCap);
    }
  }

  /** ∂(finished score)/∂(raw score) in terms of the finished score. */
  float scoreSlope(float finished) {
    return softCap == 0 ? scale : scale * SoftCap.slope(finished, softCap);
  }
}
