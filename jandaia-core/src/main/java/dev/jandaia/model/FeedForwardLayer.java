package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.RowSource;
import dev.jandaia.spec.DenseAndMoe;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.NormedDenseAndMoe;

/** Executes a {@link FeedForward}. */
interface FeedForwardLayer {

  /** {@code [M, C] → [M, C]}, the rows of {@code batch}. */
  Matrix apply(Compute compute, Batch batch, RowSource x);

  /**
   * As {@link #apply(Compute, Batch, RowSource)}, for networks that also look at what x was before
   * its norm.
   *
   * @param stream {@code [M, C]}, the residual stream
   */
  default Matrix apply(Compute compute, Batch batch, RowSource x, Matrix stream) {
    return apply(compute, batch, x);
  }

  static FeedForwardLayer of(
      FeedForward feedForward, Weights weights, String path, int hiddenSize) {
    return switch (feedForward) {
      case Mlp mlp -> new MlpLayer(mlp, weights, path, hiddenSize);
      case GatedMlp mlp -> new GatedMlpLayer(mlp, weights, path, hiddenSize);
      case MixtureOfExperts experts ->
          new MixtureOfExpertsLayer(experts, weights, path, hiddenSize);
      case DenseAndMoe both -> new DenseAndMoeLayer(both, weights, path, hiddenSize);
      case NormedDenseAndMoe both -> new NormedDenseAndMoeLayer(both, weights, path, hiddenSize);
    };
  }
}
