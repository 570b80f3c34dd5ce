package dev.jandaia.spec;

/** How finished scores become the weights of values. */
public sealed interface ScoreWeights {
  ScoreWeights SOFTMAX = new Softmax();

  /** exp(z_s)/Σ exp(z): the keys compete. */
  record Softmax() implements ScoreWeights {}

  /**
   * σ(z_s + slope_h·(t − s)) for query t and key s: no key takes weight from another (SWAT,
   * 2502.18845). Slopes are balanced ALiBi: −2^−k for the first half of the heads, which prefer
   * what is near, and +2^−k for the second, which prefer what is far, k = 1, 2, … in each half.
   */
  record Sigmoid() implements ScoreWeights {
    /** The slope of head {@code head} of {@code numHeads}. */
    public static double slope(int head, int numHeads) {
      int near = Math.ceilDiv(numHeads, 2);
      return head < near ? -Math.scalb(1.0, -head - 1) : Math.scalb(1.0, near - head - 1);
    }
  }
}
