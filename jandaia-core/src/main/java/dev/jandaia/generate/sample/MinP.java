package dev.jandaia.generate.sample;

import java.util.random.RandomGenerator;

/**
 * Keeps the candidates at least p times as probable as the best: {@code logit >= max + ln p}.
 * Source: arXiv:2407.01082.
 *
 * @param p the fraction of the best probability, in [0, 1]; 0 keeps all
 */
public record MinP(float p) implements SamplerStep {
  public MinP {
    Require.within("min_p", p, 0, 1);
  }

  @Override
  public String name() {
    return "min_p";
  }

  @Override
  public boolean isOff() {
    return p == 0f;
  }

  @Override
  public void apply(Candidates candidates, TokenHistory history, RandomGenerator random) {
    candidates.keepAtLeast(candidates.logits[candidates.best()] + Math.log(p));
  }
}
