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
import dev.jandaia.spec.KimiDeltaAttention;

/** Kimi Delta Attention: the delta rule with a decay for each channel. */
final class KimiDeltaAttentionLayer implements MixerLayer {
  private static final GateFunction GATE = GateFunction.of(PointFunction.SIGMOID);

  private final int index;
  private final ConvolvedProjection query;
  private final ConvolvedProjection key;
  private final ConvolvedProjection value;
  private final Projection beta;
  private final Projection decayDown;
  private final Projection decay;
  private final VectorParameter logDecayRate;
  private final Projection gateDown;
  private final Projection gate;
  private final NormLayer norm;
  private final Projection output;
  private final UnitVectors unitVectors;
  private final DeltaShape shape;

  KimiDeltaAttentionLayer(
      KimiDeltaAttention spec, Weights weights, int index, String path, int hiddenSize) {
    this.index = index;
    int width = spec.width();
    int heads = spec.numHeads();
    int dim = spec.headDim();
    var place =
        new ConvolvedProjection.Place(
            index, spec.convolution(), Activations.function(spec.activation()));
    query = place.of(weights, path + ".query", width, hiddenSize, 0);
    key = place.of(weights, path + ".key", width, hiddenSize, width);
    value = place.of(weights, path + ".value", width, hiddenSize, 2 * width);
    beta = Projection.of(weights, path + ".beta", heads, hiddenSize, false);
    decayDown = Projection.of(weights, path + ".decayDown", dim, hiddenSize, false);
    decay = Projection.of(weights, path + ".decay", width, dim, true);
    logDecayRate = weights.vector(path + ".logDecayRate", heads);
    gateDown = Projection.of(weights, path + ".gateDown", dim, hiddenSize, false);
    gate = Projection.of(weights, path + ".gate", width, dim, false);
    norm = NormLayer.of(spec.norm(), weights, path + ".norm", dim);
    output = Projection.of(weights, path + ".output", hiddenSize, width, false);
    unitVectors = UnitVectors.of(dim);
    shape = new DeltaShape(heads, heads, dim, dim, dim);
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, RowSource x) {
    Projections projections = Projections.of(compute);
    Matrix queries = query.join(projections, x);
    Matrix keys = key.join(projections, x);
    Matrix values = value.join(projections, x);
    Matrix betas = beta.join(projections, x);
    Matrix narrowDecays = decayDown.join(projections, x);
    Matrix narrowGates = gateDown.join(projections, x);
    projections.run();
    Matrix q = unitVectors.queries(compute, query.convolve(compute, batch, queries));
    Matrix k = unitVectors.keys(compute, key.convolve(compute, batch, keys));
    Matrix v = value.convolve(compute, batch, values);
    Matrix strength = Pointwise.apply(compute, betas, PointFunction.SIGMOID);
    Matrix kept = Decay.apply(compute, decay.apply(compute, narrowDecays), logDecayRate);
    Matrix mixed = DeltaRule.apply(compute, shape, batch, index, q, k, v, kept, strength);
    Remember.state(batch, index);
    Matrix gates = gate.apply(compute, narrowGates);
    return output.apply(compute, Gated.rows(compute, gates, norm.apply(compute, mixed), GATE));
  }
}
