package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.GateFunction;
import dev.jandaia.op.Gated;
import dev.jandaia.op.LinearAttention;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.PointFunction;
import dev.jandaia.op.Pointwise;
import dev.jandaia.op.Projections;
import dev.jandaia.op.RowSource;
import dev.jandaia.spec.LightningAttention;

/** Lightning attention: linear attention with fixed decays, normalised and gated. */
final class LightningAttentionLayer implements MixerLayer {
  private static final GateFunction GATE = GateFunction.of(PointFunction.SIGMOID);

  private final int index;
  private final Projection query;
  private final Projection key;
  private final Projection value;
  private final Projection gate;
  private final NormLayer norm;
  private final Projection output;
  private final PointFunction activation;
  private final float[] decays;

  LightningAttentionLayer(
      LightningAttention spec, Weights weights, int index, String path, int hiddenSize) {
    this.index = index;
    int width = spec.width();
    query = Projection.of(weights, path + ".query", width, hiddenSize, false);
    key = Projection.of(weights, path + ".key", width, hiddenSize, false);
    value = Projection.of(weights, path + ".value", width, hiddenSize, false);
    gate = Projection.of(weights, path + ".gate", width, hiddenSize, false);
    norm = NormLayer.of(spec.norm(), weights, path + ".norm", width);
    output = Projection.of(weights, path + ".output", hiddenSize, width, false);
    activation = Activations.function(spec.activation());
    decays = new float[spec.numHeads()];
    for (int h = 0; h < decays.length; h++) {
      decays[h] = (float) Math.exp(-spec.slopes().get(h));
    }
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, RowSource x) {
    Projections projections = Projections.of(compute);
    Matrix queries = query.join(projections, x);
    Matrix keys = key.join(projections, x);
    Matrix values = value.join(projections, x);
    Matrix gates = gate.join(projections, x);
    projections.run();
    Matrix q = Pointwise.apply(compute, queries, activation);
    Matrix k = Pointwise.apply(compute, keys, activation);
    Matrix v = Pointwise.apply(compute, values, activation);
    Matrix mixed = LinearAttention.apply(compute, batch, index, q, k, v, decays);
    Remember.state(batch, index);
    return output.apply(compute, Gated.rows(compute, gates, norm.apply(compute, mixed), GATE));
  }
}
