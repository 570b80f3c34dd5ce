package dev.jandaia.spec;

/**
 * A dense network and routed experts side by side on the same input: scale·(dense(x) + experts(x))
 * (Grok 2.5, with scale 1/√2).
 *
 * @param dense what every token visits
 * @param experts what it is routed to
 * @param scale factor on the sum
 */
public record DenseAndMoe(GatedMlp dense, MixtureOfExperts experts, double scale)
    implements FeedForward {
  public DenseAndMoe {
    Check.positive("denseAndMoe.scale", scale);
  }
}
