package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.HyperStreams;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.StreamWeights;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.HyperConnections;
import dev.jandaia.spec.Residual;

/**
 * Executes {@link Residual.HyperConnected}: each half reads one collapsed stream, and what it says
 * is spread over all of them.
 */
final class HyperConnectedLayer implements Layer {
  private final int index;
  private final HyperConnections wiring;
  private final MixerLayer mixer;
  private final FeedForwardLayer feedForward;
  private final NormLayer mixerNorm;
  private final NormLayer feedForwardNorm;
  private final StreamConnection mixerStreams;
  private final StreamConnection feedForwardStreams;

  HyperConnectedLayer(
      Residual.HyperConnected residual,
      BlockSpec spec,
      Weights weights,
      RotaryTables tables,
      int index,
      int hiddenSize) {
    this.index = index;
    String path = "blocks." + index;
    wiring = residual.wiring();
    mixer = MixerLayer.of(spec.mixer(), weights, tables, index, path + ".mixer", hiddenSize);
    feedForward =
        FeedForwardLayer.of(spec.feedForward(), weights, path + ".feedForward", hiddenSize);
    mixerNorm = NormLayer.of(residual.norm(), weights, path + ".mixerNorm", hiddenSize);
    feedForwardNorm = NormLayer.of(residual.norm(), weights, path + ".feedForwardNorm", hiddenSize);
    mixerStreams = connection(weights, path + ".mixerStreams", hiddenSize);
    feedForwardStreams = connection(weights, path + ".feedForwardStreams", hiddenSize);
  }

  private StreamConnection connection(Weights weights, String path, int hiddenSize) {
    return StreamConnection.of(wiring, weights, path, wiring.coefficients(), 3, hiddenSize);
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, Matrix x) {
    int n = wiring.streams();
    int mark = compute.mark();
    Matrix weights = weights(compute, x, mixerStreams);
    Matrix one = mixerNorm.apply(compute, HyperStreams.collapse(compute, x, weights, n));
    Matrix mixed = mixer.apply(compute, batch, one);
    batch.handover().mixed(index, mixed);
    x = HyperStreams.spread(compute, x, mixed, weights, n);
    compute.release(mark);

    weights = weights(compute, x, feedForwardStreams);
    Matrix collapsed = HyperStreams.collapse(compute, x, weights, n);
    one = feedForwardNorm.apply(compute, collapsed);
    Matrix transformed = feedForward.apply(compute, batch, one, collapsed);
    x = HyperStreams.spread(compute, x, transformed, weights, n);
    compute.release(mark);
    return x;
  }

  private Matrix weights(Compute compute, Matrix x, StreamConnection connection) {
    return StreamWeights.apply(
        compute,
        connection.logits(compute, x),
        connection.scale(),
        connection.base(),
        wiring.streams(),
        wiring.iterations(),
        (float) wiring.epsilon());
  }
}
