package dev.jandaia.generate.sample;

import java.util.random.RandomGenerator;

/**
 * Locally typical sampling: orders the candidates by how far their surprise is from the entropy,
 * {@code |-ln p_i - H|}, and keeps the shortest prefix whose probabilities sum to more than p;
 * never fewer than one. Source: arXiv:2202.00666.
 *
 * @param p the mass to keep, in [0, 1]; 1 keeps all
 */
public record Typical(float p) implements SamplerStep {
  public Typical {
    Require.within("typical_p", p, 0, 1);
  }

  @Override
  public String name() {
    return "typ_p";
  }

  @Override
  public boolean isOff() {
    return p == 1f;
  }

  @Override
  public void apply(Candidates candidates, TokenHistory history, RandomGenerator random) {
    candidates.keepBest(candidates.size);
    double total = candidates.softmax();
    double entropy = entropy(candidates, total);
    for (int i = 0; i < candidates.size; i++) {
      double distance = Math.abs(-Math.log(candidates.weights[i] / total) - entropy);
      candidates.keys[i] = KeySort.ascending((float) distance, i);
    }
    candidates.sortKeys();
    candidates.keepKeyed(prefix(candidates, total));
  }

  private static double entropy(Candidates candidates, double total) {
    double entropy = 0;
    for (int i = 0; i < candidates.size; i++) {
      double probability = candidates.weights[i] / total;
      if (probability > 0) {
        entropy -= probability * Math.log(probability);
      }
    }
    return entropy;
  }

  private int prefix(Candidates candidates, double total) {
    double mass = 0;
    for (int i = 0; i < candidates.size; i++) {
      mass += candidates.weights[KeySort.payload(candidates.keys[i])] / total;
      if (mass > p) {
        return i + 1;
      }
    }
    return candidates.size;
  }
}
