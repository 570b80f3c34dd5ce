package dev.jandaia.model;

import dev.jandaia.op.Add;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.Mix;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Residual;

/**
 * Executes one layer: x + post(f(pre(x))) for the mixer, then for the feed-forward part, or the
 * weighted sum of pre(x) and f(pre(x)).
 */
final class Block {
  private final MixerLayer mixer;
  private final FeedForwardLayer feedForward;
  private final Residual residual;
  private final NormLayer mixerNorm;
  private final NormLayer mixerPostNorm;
  private final NormLayer feedForwardNorm;
  private final NormLayer feedForwardPostNorm;

  Block(BlockSpec spec, Weights weights, RotaryTables tables, int index, int hiddenSize) {
    String path = "blocks." + index;
    mixer = MixerLayer.of(spec.mixer(), weights, tables, index, path + ".mixer", hiddenSize);
    feedForward =
        FeedForwardLayer.of(spec.feedForward(), weights, path + ".feedForward", hiddenSize);
    residual = spec.residual();
    Norm before = before(spec.residual());
    Norm after = after(spec.residual());
    mixerNorm = NormLayer.of(before, weights, path + ".mixerNorm", hiddenSize);
    mixerPostNorm = NormLayer.of(after, weights, path + ".mixerPostNorm", hiddenSize);
    feedForwardNorm = NormLayer.of(before, weights, path + ".feedForwardNorm", hiddenSize);
    feedForwardPostNorm = NormLayer.of(after, weights, path + ".feedForwardPostNorm", hiddenSize);
  }

  private static Norm before(Residual residual) {
    return switch (residual) {
      case Residual.PreNorm r -> r.norm();
      case Residual.PostNorm _ -> Norm.NONE;
      case Residual.Sandwich r -> r.norm();
      case Residual.Normalised r -> r.norm();
    };
  }

  private static Norm after(Residual residual) {
    return switch (residual) {
      case Residual.PreNorm _ -> Norm.NONE;
      case Residual.PostNorm r -> r.norm();
      case Residual.Sandwich r -> r.norm();
      case Residual.Normalised _ -> Norm.NONE;
    };
  }

  Matrix apply(Compute compute, Batch batch, Matrix x) {
    if (residual instanceof Residual.Normalised normalised) {
      return applyToNormalised(compute, batch, x, normalised);
    }
    int mark = compute.mark();
    Matrix mixed = mixer.apply(compute, batch, mixerNorm.apply(compute, x));
    x = Add.apply(compute, x, mixerPostNorm.apply(compute, mixed));
    compute.release(mark);
    Matrix transformed = feedForward.apply(compute, feedForwardNorm.apply(compute, x));
    x = Add.apply(compute, x, feedForwardPostNorm.apply(compute, transformed));
    compute.release(mark);
    return x;
  }

  private Matrix applyToNormalised(
      Compute compute, Batch batch, Matrix x, Residual.Normalised weights) {
    int mark = compute.mark();
    Matrix n = mixerNorm.apply(compute, x);
    x = mix(compute, x, n, mixer.apply(compute, batch, n), weights.mixer());
    compute.release(mark);
    n = feedForwardNorm.apply(compute, x);
    x = mix(compute, x, n, feedForward.apply(compute, n), weights.feedForward());
    compute.release(mark);
    return x;
  }

  private static Matrix mix(
      Compute compute, Matrix x, Matrix stream, Matrix branch, Residual.Mix weights) {
    float a = (float) weights.stream();
    float b = (float) weights.branch();
    return Mix.apply(compute, x, stream, a, branch, b);
  }
}
