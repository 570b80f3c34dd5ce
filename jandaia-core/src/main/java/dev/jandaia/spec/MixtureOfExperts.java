package dev.jandaia.spec;

import java.util.Optional;

/**
 * A router sends each token to a few of many expert networks; the result is the weighted sum of
 * theirs, plus that of experts every token visits (2401.06066).
 *
 * @param numExperts routed experts, E
 * @param router who goes where, with what weight
 * @param expert the shape of every routed expert
 * @param shared the experts every token visits, fused to one network; empty when there is none
 * @param sharedGate whether the shared network's result is multiplied by σ(w·x), one number per
 *     token (Qwen3-Next)
 * @param weighting what the router's weights multiply
 */
public record MixtureOfExperts(
    int numExperts,
    Router router,
    GatedMlp expert,
    Optional<GatedMlp> shared,
    boolean sharedGate,
    Weighting weighting)
    implements FeedForward {

  /** What a router's weight w multiplies. */
  public enum Weighting {
    /** What the expert says: w·f(x). */
    OUTPUT,
    /** What the expert is told: f(w·x) (Llama 4). */
    INPUT
  }

  /** Experts whose outputs are weighted and whose shared network, if any, has no gate. */
  public MixtureOfExperts(
      int numExperts, Router router, GatedMlp expert, Optional<GatedMlp> shared) {
    this(numExperts, router, expert, shared, false, Weighting.OUTPUT);
  }

  public MixtureOfExperts {
    Check.positive("moe.numExperts", numExperts);
    Check.atMost("moe.router.topK", router.topK(), "moe.numExperts", numExperts);
    Check.divides("moe.router.groups.count", router.groups().count(), "moe.numExperts", numExperts);
    if (sharedGate && shared.isEmpty()) {
      throw new SpecException("moe.sharedGate: expected shared experts to gate, found none");
    }
  }

  /** The routed experts of a feed-forward part, if it has any. */
  public static Optional<MixtureOfExperts> in(FeedForward feedForward) {
    return switch (feedForward) {
      case Mlp _, GatedMlp _ -> Optional.empty();
      case MixtureOfExperts moe -> Optional.of(moe);
      case DenseAndMoe both -> Optional.of(both.experts());
      case NormedDenseAndMoe both -> Optional.of(both.experts());
    };
  }
}
