package dev.jandaia.generate.sample;

import java.util.random.RandomGenerator;

/** One step of a {@link SamplerChain}: it reweighs or removes candidates. */
public sealed interface SamplerStep
    permits Dry, LogitBias, MinP, Penalties, Temperature, TopK, TopNSigma, TopP, Typical, Xtc {

  /** The name by which orders and options refer to the step, such as {@code top_k}. */
  String name();

  /** Whether the parameters make this step do nothing; such steps cost nothing. */
  boolean isOff();

  /**
   * Applies the step in place; at least one candidate goes in, and one remains unless all are
   * banned.
   */
  void apply(Candidates candidates, TokenHistory history, RandomGenerator random);
}
