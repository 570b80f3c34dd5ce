package dev.jandaia.generate.sample;

import java.util.Objects;

/** Log-probabilities of the model itself, before any sampler step. */
public final class Logprobs {
  private Logprobs() {}

  /**
   * {@code ln softmax(logits)[token]}, computed in float64.
   *
   * @param logits [V] f32 from {@code offset}
   * @param vocab V
   */
  public static double of(float[] logits, int offset, int vocab, int token) {
    Objects.checkIndex(token, vocab);
    return logits[offset + token] - logSumExp(logits, offset, vocab);
  }

  private static double logSumExp(float[] logits, int offset, int vocab) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < vocab; i++) {
      max = Math.max(max, logits[offset + i]);
    }
    double sum = 0;
    for (int i = 0; i < vocab; i++) {
      sum += Math.exp(logits[offset + i] - max);
    }
    return max + Math.log(sum);
  }
}
