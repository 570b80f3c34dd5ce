package dev.jandaia.model;

import dev.jandaia.op.Add;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.Mix;
import dev.jandaia.op.RowSource;
import dev.jandaia.op.Scale;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Residual;
import java.util.Optional;

/**
 * Executes one layer: x + scale·post(f(pre(x))) for the mixer, then for the feed-forward part; or
 * for both at once, from the same pre(x); or the weighted sum of pre(x) and f(pre(x)).
 */
final class Block implements Layer {
  private final int index;
  private final MixerLayer mixer;
  private final FeedForwardLayer feedForward;
  private final Residual residual;
  private final NormLayer mixerNorm;
  private final NormLayer mixerPostNorm;
  private final NormLayer feedForwardNorm;
  private final NormLayer feedForwardPostNorm;
  private final float scale;
  private final boolean parallel;
  private final Optional<LowRankShortcut> shortcut;

  Block(BlockSpec spec, Weights weights, RotaryTables tables, int index, int hiddenSize) {
    this.index = index;
    String path = "blocks." + index;
    mixer = MixerLayer.of(spec.mixer(), weights, tables, index, path + ".mixer", hiddenSize);
    feedForward =
        FeedForwardLayer.of(spec.feedForward(), weights, path + ".feedForward", hiddenSize);
    residual = spec.residual();
    parallel = spec.residual() instanceof Residual.Parallel;
    scale = spec.residual() instanceof Residual.ScaledPreNorm scaled ? (float) scaled.scale() : 1;
    shortcut =
        spec.residual() instanceof Residual.Laurel laurel
            ? Optional.of(new LowRankShortcut(laurel, weights, path + ".laurel", hiddenSize))
            : Optional.empty();
    Norm before = before(spec.residual());
    Norm after = after(spec.residual());
    mixerNorm = NormLayer.of(before, weights, path + ".mixerNorm", hiddenSize);
    mixerPostNorm = NormLayer.of(after, weights, path + ".mixerPostNorm", hiddenSize);
    feedForwardNorm =
        NormLayer.of(parallel ? Norm.NONE : before, weights, path + ".feedForwardNorm", hiddenSize);
    feedForwardPostNorm = NormLayer.of(after, weights, path + ".feedForwardPostNorm", hiddenSize);
  }

  private static Norm before(Residual residual) {
    return switch (residual) {
      case Residual.PreNorm r -> r.norm();
      case Residual.PostNorm _ -> Norm.NONE;
      case Residual.Sandwich r -> r.norm();
      case Residual.Normalised r -> r.norm();
      case Residual.ScaledPreNorm r -> r.norm();
      case Residual.Parallel r -> r.norm();
      case Residual.Laurel r -> r.norm();
      case Residual.HyperConnected r -> r.norm();
      case Residual.AltUp r -> before(r.layer());
      case Residual.WithInput r -> before(r.layer());
      case Residual.Rescaled r -> before(r.layer());
    };
  }

  private static Norm after(Residual residual) {
    return switch (residual) {
      case Residual.PreNorm _, Residual.ScaledPreNorm _, Residual.Parallel _ -> Norm.NONE;
      case Residual.PostNorm r -> r.norm();
      case Residual.Sandwich r -> r.norm();
      case Residual.Normalised _, Residual.HyperConnected _ -> Norm.NONE;
      case Residual.Laurel r -> r.norm();
      case Residual.AltUp r -> after(r.layer());
      case Residual.WithInput r -> after(r.layer());
      case Residual.Rescaled r -> after(r.layer());
    };
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, Matrix x) {
    if (residual instanceof Residual.Normalised normalised) {
      return applyToNormalised(compute, batch, x, normalised);
    }
    int mark = compute.mark();
    RowSource normalised = mixerNorm.rows(compute, x);
    Matrix mixed = mixer.apply(compute, batch, normalised);
    batch.handover().mixed(index, mixed);
    if (parallel) {
      mixed = Add.apply(compute, mixed, feedForward.apply(compute, batch, normalised));
      x = Add.apply(compute, x, mixed);
      compute.release(mark);
      return x;
    }
    mixed = mixerPostNorm.apply(compute, mixed);
    x =
        shortcut.isPresent()
            ? shorten(compute, x, normalised.matrix(), mixed)
            : add(compute, x, mixed);
    compute.release(mark);
    Matrix transformed = feedForward.apply(compute, batch, feedForwardNorm.rows(compute, x), x);
    x = add(compute, x, feedForwardPostNorm.apply(compute, transformed));
    compute.release(mark);
    return x;
  }

  /** (x + mixed + shortcut(normalised))/√2. */
  private Matrix shorten(Compute compute, Matrix x, Matrix normalised, Matrix mixed) {
    Matrix around = shortcut.orElseThrow().apply(compute, normalised);
    Matrix sum = Add.apply(compute, Add.apply(compute, x, mixed), around);
    return Scale.apply(compute, sum, (float) Math.sqrt(0.5));
  }

  private Matrix applyToNormalised(
      Compute compute, Batch batch, Matrix x, Residual.Normalised weights) {
    int mark = compute.mark();
    Matrix n = mixerNorm.apply(compute, x);
    Matrix mixed = mixer.apply(compute, batch, n);
    batch.handover().mixed(index, mixed);
    x = mix(compute, x, n, mixed, weights.mixer());
    compute.release(mark);
    n = feedForwardNorm.apply(compute, x);
    x = mix(compute, x, n, feedForward.apply(compute, batch, n), weights.feedForward());
    compute.release(mark);
    return x;
  }

  private static Matrix mix(
      Compute compute, Matrix x, Matrix stream, Matrix branch, Residual.Mix weights) {
    float a = (float) weights.stream();
    float b = (float) weights.branch();
    return Mix.apply(compute, x, stream, a, branch, b);
  }

  private Matrix add(Compute compute, Matrix x, Matrix branch) {
    return Add.apply(compute, x, Scale.apply(compute, branch, scale));
  }
}
