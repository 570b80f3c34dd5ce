package dev.jandaia.generate.sample;

import java.util.random.RandomGenerator;

/**
 * Keeps the k candidates with the largest logits; of equal ones, those with the lower token ids.
 *
 * @param k how many to keep; 0 keeps all
 */
public record TopK(int k) implements SamplerStep {
  public TopK {
    Require.atLeast("top_k", k, 0);
  }

  @Override
  public String name() {
    return "top_k";
  }

  @Override
  public boolean isOff() {
    return k == 0;
  }

  @Override
  public void apply(Candidates candidates, TokenHistory history, RandomGenerator random) {
    candidates.keepBest(k);
  }
}
