package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;

/**
 * A softmax-weighted sum whose scores come block by block (2205.14135): whenever a larger score
 * appears, what has been summed so far is brought to the new maximum. Reusable.
 */
final class OnlineSoftmax {
  private final float[] block;
  private Kernels kernels;
  private AttentionShape shape;
  private Matrix out;
  private int target;
  private float maximum;
  private float sum;

  /**
   * @param length scores of a block at most
   */
  OnlineSoftmax(int length) {
    block = new float[length];
  }

  /** Begins a sum at element {@code first} of {@code result}, which is zero there. */
  void begin(Kernels k, AttentionShape s, Matrix result, int first) {
    kernels = k;
    shape = s;
    out = result;
    target = first;
    maximum = Float.NEGATIVE_INFINITY;
    sum = 0;
  }

  /** Adds a logit without a value; before all others. */
  void addSink(float logit) {
    maximum = logit;
    sum = 1;
  }

  /** Where raw scores are left, and weights to be used before the next block. */
  float[] block() {
    return block;
  }

  /** Where the sum is: the caller adds the weighted values of a block. */
  int target() {
    return target;
  }

  /** Turns the first {@code count} scores of the block into weights. */
  void weigh(int count) {
    shape.finishScores(block, count);
    float newMaximum = Math.max(maximum, kernels.max(block, 0, count));
    if (newMaximum > maximum && sum > 0) {
      float factor = (float) Math.exp(maximum - newMaximum);
      kernels.scale(factor, out.data(), target, shape.valueDim());
      sum *= factor;
    }
    maximum = newMaximum;
    sum += kernels.expSum(block, 0, count, maximum);
  }

  /** Divides by the sum of weights, and returns the logarithm of the sum of exponentials. */
  float end() {
    kernels.scale(1 / sum, out.data(), target, shape.valueDim());
    return maximum + (float) Math.log(sum);
  }
}
