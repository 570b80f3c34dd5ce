package dev.jandaia.spec.count;

import dev.jandaia.spec.DenseAndMoe;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.NormedDenseAndMoe;

/**
 * Feed-forward parts.
 *
 * <ul>
 *   <li>plain: 2·C·F weights; gated: 3·C·F.
 *   <li>dense and routed: both.
 *   <li>routed: the router's C·E, topK experts, and the shared ones.
 * </ul>
 */
final class FeedForwardCost {
  private FeedForwardCost() {}

  /** Elements of the matrices one token is multiplied with. */
  static long activeWeights(FeedForward feedForward, long hiddenSize) {
    return switch (feedForward) {
      case Mlp mlp -> 2 * hiddenSize * mlp.intermediateSize();
      case GatedMlp mlp -> matrices(mlp, hiddenSize);
      case NormedDenseAndMoe both ->
          matrices(both.dense(), hiddenSize) + activeWeights(both.experts(), hiddenSize);
      case MixtureOfExperts moe ->
          hiddenSize * moe.numExperts()
              + moe.router().topK() * matrices(moe.expert(), hiddenSize)
              + moe.shared().map(shared -> matrices(shared, hiddenSize)).orElse(0L)
              + (moe.sharedGate() ? hiddenSize : 0);
      case DenseAndMoe both ->
          activeWeights(both.dense(), hiddenSize) + activeWeights(both.experts(), hiddenSize);
    };
  }

  /** All parameters of a gated network, biases included: 3·C·F (+ 2·F + C). */
  static long weights(GatedMlp mlp, long hiddenSize) {
    return matrices(mlp, hiddenSize) + (mlp.bias() ? 2L * mlp.intermediateSize() + hiddenSize : 0);
  }

  private static long matrices(GatedMlp mlp, long hiddenSize) {
    return 3 * hiddenSize * mlp.intermediateSize();
  }
}
