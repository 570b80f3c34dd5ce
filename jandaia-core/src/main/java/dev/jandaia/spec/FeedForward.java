package dev.jandaia.spec;

import java.util.Optional;

/** The part of a layer that treats each token alone. */
public sealed interface FeedForward permits Mlp, GatedMlp, MixtureOfExperts, DenseAndExperts {

  /** Its routed experts, if it has any. */
  default Optional<MixtureOfExperts> routed() {
    return Optional.empty();
  }
}
