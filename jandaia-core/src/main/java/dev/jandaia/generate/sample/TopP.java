package dev.jandaia.generate.sample;

import java.util.random.RandomGenerator;

/**
 * Nucleus sampling: keeps the shortest prefix of the candidates, best first, whose probabilities
 * sum to at least p; never fewer than one. Source: arXiv:1904.09751.
 *
 * @param p the mass to keep, in [0, 1]; 1 keeps all
 */
public record TopP(float p) implements SamplerStep {
  public TopP {
    Require.within("top_p", p, 0, 1);
  }

  @Override
  public String name() {
    return "top_p";
  }

  @Override
  public boolean isOff() {
    return p == 1f;
  }

  @Override
  public void apply(Candidates candidates, TokenHistory history, RandomGenerator random) {
    double total = candidates.softmax();
    if (!candidates.sorted) {
      dropHopeless(candidates, total);
      candidates.keepBest(candidates.size);
      candidates.softmax();
    }
    double mass = 0;
    for (int i = 0; i < candidates.size; i++) {
      mass += candidates.weights[i] / total;
      if (mass >= p) {
        candidates.size = i + 1;
        return;
      }
    }
  }

  /**
   * Candidates below (1 - p) / size weigh less than 1 - p together, so the nucleus lies among the
   * others: dropping them first makes the sort short. Halved, to stay clear of rounding.
   */
  private void dropHopeless(Candidates candidates, double total) {
    double least = 0.5 * (1 - p) / candidates.size * total;
    int kept = 0;
    for (int i = 0; i < candidates.size; i++) {
      if (candidates.weights[i] >= least) {
        candidates.move(i, kept++);
      }
    }
    candidates.size = kept;
  }
}
