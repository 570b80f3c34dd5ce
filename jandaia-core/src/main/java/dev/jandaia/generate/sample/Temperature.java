package dev.jandaia.generate.sample;

import java.util.random.RandomGenerator;

/**
 * Divides every logit by the temperature: {@code logit / t}. Zero keeps the best candidate alone,
 * and so does a temperature so small that the quotient overflows.
 *
 * @param value t, 0 or more; 1 leaves the logits alone
 */
public record Temperature(float value) implements SamplerStep {
  public Temperature {
    Require.finite("temperature", value);
    Require.within("temperature", value, 0, Float.MAX_VALUE);
  }

  @Override
  public String name() {
    return "temperature";
  }

  @Override
  public boolean isOff() {
    return value == 1f;
  }

  @Override
  public void apply(Candidates candidates, TokenHistory history, RandomGenerator random) {
    int best = candidates.best();
    if (value == 0f || !Float.isFinite(candidates.logits[best] / value)) {
      candidates.keepOnly(best);
      return;
    }
    for (int i = 0; i < candidates.size; i++) {
      candidates.set(i, candidates.logits[i] / value);
    }
  }
}
