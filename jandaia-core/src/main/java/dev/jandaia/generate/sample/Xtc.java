package dev.jandaia.generate.sample;

import java.util.random.RandomGenerator;

/**
 * Excludes top choices: with the given probability, of all the candidates that reach the threshold
 * only the least probable stays, with everything below it. Draws one random number per token (none
 * when a single candidate is left). Source: "Exclude Top Choices", text-generation-webui pull
 * request 6335.
 *
 * @param probability how often to exclude, in [0, 1]; 0 never
 * @param threshold the probability that makes a choice a top choice, in [0, 1]; above 0.5 there is
 *     never a second one, so the step is off
 */
public record Xtc(float probability, float threshold) implements SamplerStep {
  public Xtc {
    Require.within("xtc_probability", probability, 0, 1);
    Require.within("xtc_threshold", threshold, 0, 1);
  }

  @Override
  public String name() {
    return "xtc";
  }

  @Override
  public boolean isOff() {
    return probability == 0f || threshold > 0.5f;
  }

  @Override
  public void apply(Candidates candidates, TokenHistory history, RandomGenerator random) {
    if (candidates.size < 2 || random.nextDouble() >= probability) {
      return;
    }
    candidates.keepBest(candidates.size);
    double total = candidates.softmax();
    int last = 0;
    while (last + 1 < candidates.size && candidates.weights[last + 1] / total >= threshold) {
      last++;
    }
    candidates.dropFirst(last);
  }
}
