package dev.jandaia.generate.sample;

import java.util.random.RandomGenerator;

/**
 * Keeps the candidates within n standard deviations of the best: {@code logit >= max - n * sigma},
 * where sigma is the population deviation of the candidates' logits. Source: arXiv:2411.07641.
 *
 * @param n how many deviations; 0 or less keeps all
 */
public record TopNSigma(float n) implements SamplerStep {
  public TopNSigma {
    Require.finite("top_n_sigma", n);
  }

  @Override
  public String name() {
    return "top_n_sigma";
  }

  @Override
  public boolean isOff() {
    return n <= 0;
  }

  @Override
  public void apply(Candidates candidates, TokenHistory history, RandomGenerator random) {
    candidates.keepAtLeast(candidates.logits[candidates.best()] - n * deviation(candidates));
  }

  private static double deviation(Candidates candidates) {
    double mean = 0;
    for (int i = 0; i < candidates.size; i++) {
      mean += candidates.logits[i];
    }
    mean /= candidates.size;
    double squares = 0;
    for (int i = 0; i < candidates.size; i++) {
      double distance = candidates.logits[i] - mean;
      squares += distance * distance;
    }
    return Math.sqrt(squares / candidates.size);
  }
}
