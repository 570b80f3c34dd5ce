package dev.jandaia.spec;

/**
 * A gated linear unit (2002.05202): down(gating(gate(x), up(x))).
 *
 * @param intermediateSize width of gate and up, F
 * @param gating how the two meet
 * @param bias whether the three projections have a bias
 */
public record GatedMlp(int intermediateSize, Gating gating, boolean bias) implements FeedForward {
  public GatedMlp {
    Check.positive("mlp.intermediateSize", intermediateSize);
  }
}
