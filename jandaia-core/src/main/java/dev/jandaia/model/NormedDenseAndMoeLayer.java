package dev.jandaia.model;

import dev.jandaia.op.Add;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.RowSource;
import dev.jandaia.spec.NormedDenseAndMoe;

/** Executes {@link NormedDenseAndMoe}. */
final class NormedDenseAndMoeLayer implements FeedForwardLayer {
  private final GatedMlpLayer dense;
  private final NormLayer densePostNorm;
  private final NormLayer moeNorm;
  private final MixtureOfExpertsLayer moe;
  private final NormLayer moePostNorm;

  NormedDenseAndMoeLayer(NormedDenseAndMoe spec, Weights weights, String path, int hiddenSize) {
    dense = new GatedMlpLayer(spec.dense(), weights, path + ".dense", hiddenSize);
    densePostNorm = NormLayer.of(spec.norm(), weights, path + ".densePostNorm", hiddenSize);
    moeNorm = NormLayer.of(spec.norm(), weights, path + ".moeNorm", hiddenSize);
    moe = new MixtureOfExpertsLayer(spec.experts(), weights, path + ".moe", hiddenSize);
    moePostNorm = NormLayer.of(spec.norm(), weights, path + ".moePostNorm", hiddenSize);
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, RowSource x) {
    return apply(compute, batch, x, x.matrix());
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, RowSource x, Matrix stream) {
    Matrix sure = densePostNorm.apply(compute, dense.apply(compute, x));
    Matrix routed = moe.route(compute, batch, moeNorm.apply(compute, stream), stream);
    return Add.apply(compute, sure, moePostNorm.apply(compute, routed));
  }
}
