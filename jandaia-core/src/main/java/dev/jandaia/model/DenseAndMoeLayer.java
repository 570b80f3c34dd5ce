package dev.jandaia.model;

import dev.jandaia.op.Add;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.RowSource;
import dev.jandaia.op.Scale;
import dev.jandaia.spec.DenseAndMoe;

/** scale·(dense(x) + experts(x)). */
final class DenseAndMoeLayer implements FeedForwardLayer {
  private final GatedMlpLayer dense;
  private final MixtureOfExpertsLayer experts;
  private final float scale;

  DenseAndMoeLayer(DenseAndMoe spec, Weights weights, String path, int hiddenSize) {
    dense = new GatedMlpLayer(spec.dense(), weights, path + ".dense", hiddenSize);
    experts = new MixtureOfExpertsLayer(spec.experts(), weights, path + ".moe", hiddenSize);
    scale = (float) spec.scale();
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, RowSource x) {
    Matrix rows = x.matrix();
    Matrix sum =
        Add.apply(compute, dense.apply(compute, rows), experts.apply(compute, batch, rows));
    return Scale.apply(compute, sum, scale);
  }
}
