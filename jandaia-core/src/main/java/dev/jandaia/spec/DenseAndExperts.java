package dev.jandaia.spec;

import java.util.Optional;

/**
 * A dense network and routed experts side by side (Gemma 4): norm(dense(pre(x))) +
 * norm(experts(norm(x))), three norms with weights of their own. The experts and their router read
 * the residual stream x itself, the dense network what the layer's norm has made of it.
 *
 * @param dense the network that every token visits
 * @param experts the routed ones
 * @param norm after either, and before the experts
 */
public record DenseAndExperts(GatedMlp dense, MixtureOfExperts experts, Norm norm)
    implements FeedForward {

  @Override
  public Optional<MixtureOfExperts> routed() {
    return Optional.of(experts);
  }
}
