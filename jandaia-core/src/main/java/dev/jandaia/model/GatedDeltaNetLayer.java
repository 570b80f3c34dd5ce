package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Decay;
import dev.jandaia.op.DeltaRule;
import dev.jandaia.op.DeltaShape;
import dev.jandaia.op.GateFunction;
import dev.jandaia.op.Gated;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.PointFunction;
import dev.jandaia.op.Pointwise;
import dev.jandaia.op.Projections;
import dev.jandaia.op.RowSource;
import dev.jandaia.op.VectorParameter;
import dev.jandaia.spec.GatedDeltaNet;

/** Gated DeltaNet: project, convolve, normalise, run the delta rule, gate, project back. */
final class GatedDeltaNetLayer implements MixerLayer {
  private static final GateFunction GATE = GateFunction.of(PointFunction.SILU);

  private final int index;
  private final ConvolvedProjection query;
  private final ConvolvedProjection key;
  private final ConvolvedProjection value;
  private final Projection beta;
  private final Projection decay;
  private final VectorParameter logDecayRate;
  private final Projection gate;
  private final NormLayer norm;
  private final Projection output;
  private final UnitVectors unitVectors;
  private final DeltaShape shape;

  GatedDeltaNetLayer(GatedDeltaNet spec, Weights weights, int index, String path, int hiddenSize) {
    this.index = index;
    int keyWidth = spec.keyWidth();
    int valueWidth = spec.valueWidth();
    int heads = spec.numValueHeads();
    var place =
        new ConvolvedProjection.Place(
            index, spec.convolution(), Activations.function(spec.activation()));
    query = place.of(weights, path + ".query", keyWidth, hiddenSize, 0);
    key = place.of(weights, path + ".key", keyWidth, hiddenSize, keyWidth);
    value = place.of(weights, path + ".value", valueWidth, hiddenSize, 2 * keyWidth);
    beta = Projection.of(weights, path + ".beta", heads, hiddenSize, false);
    decay = Projection.of(weights, path + ".decay", heads, hiddenSize, true);
    logDecayRate = weights.vector(path + ".logDecayRate", heads);
    gate = Projection.of(weights, path + ".gate", valueWidth, hiddenSize, false);
    norm = NormLayer.of(spec.norm(), weights, path + ".norm", spec.valueDim());
    output = Projection.of(weights, path + ".output", hiddenSize, valueWidth, false);
    unitVectors = UnitVectors.of(spec.keyDim());
    shape =
        new DeltaShape(spec.numKeyHeads(), spec.numValueHeads(), spec.keyDim(), spec.valueDim(), 1);
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, RowSource x) {
    Projections projections = Projections.of(compute);
    Matrix queries = query.join(projections, x);
    Matrix keys = key.join(projections, x);
    Matrix values = value.join(projections, x);
    Matrix gates = gate.join(projections, x);
    Matrix betas = beta.join(projections, x);
    Matrix decays = decay.join(projections, x);
    projections.run();
    Matrix q = unitVectors.queries(compute, query.convolve(compute, batch, queries));
    Matrix k = unitVectors.keys(compute, key.convolve(compute, batch, keys));
    Matrix v = value.convolve(compute, batch, values);
    Matrix strength = Pointwise.apply(compute, betas, PointFunction.SIGMOID);
    Matrix kept = Decay.apply(compute, decays, logDecayRate);
    Matrix mixed = DeltaRule.apply(compute, shape, batch, index, q, k, v, kept, strength);
    Remember.state(batch, index);
    return output.apply(compute, Gated.rows(compute, gates, norm.apply(compute, mixed), GATE));
  }
}
