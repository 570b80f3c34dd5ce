package dev.jandaia.model;

import dev.jandaia.op.Add;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.DenseAndExperts;

/** Executes {@link DenseAndExperts}. */
final class DenseAndExpertsLayer implements FeedForwardLayer {
  private final GatedMlpLayer dense;
  private final NormLayer densePostNorm;
  private final NormLayer sparseNorm;
  private final MixtureOfExpertsLayer sparse;
  private final NormLayer sparsePostNorm;

  DenseAndExpertsLayer(DenseAndExperts spec, Weights weights, String path, int hiddenSize) {
    dense = new GatedMlpLayer(spec.dense(), weights, path + ".dense", hiddenSize);
    densePostNorm = NormLayer.of(spec.norm(), weights, path + ".densePostNorm", hiddenSize);
    sparseNorm = NormLayer.of(spec.norm(), weights, path + ".sparseNorm", hiddenSize);
    sparse = new MixtureOfExpertsLayer(spec.experts(), weights, path + ".sparse", hiddenSize);
    sparsePostNorm = NormLayer.of(spec.norm(), weights, path + ".sparsePostNorm", hiddenSize);
  }

  @Override
  public Matrix apply(Compute compute, Matrix x) {
    return apply(compute, x, x);
  }

  @Override
  public Matrix apply(Compute compute, Matrix x, Matrix stream) {
    Matrix sure = densePostNorm.apply(compute, dense.apply(compute, x));
    Matrix routed = sparse.route(compute, sparseNorm.apply(compute, stream), stream);
    return Add.apply(compute, sure, sparsePostNorm.apply(compute, routed));
  }
}
