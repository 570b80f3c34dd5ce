package dev.jandaia.model;

import dev.jandaia.op.Add;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.HyperStreams;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.HyperConnections;
import dev.jandaia.spec.TokenPrediction;

/**
 * A module of hyper-connected streams (DeepSeek-V4): every stream is projected by itself and meets
 * the same projected embedding.
 */
final class ConnectedPrediction implements PredictionModule {
  private final int count;
  private final NormLayer embeddingNorm;
  private final NormLayer hiddenNorm;
  private final Projection embeddingProjection;
  private final Projection hiddenProjection;
  private final Layer block;
  private final ConnectedStreams streams;
  private final NormLayer finalNorm;

  ConnectedPrediction(
      TokenPrediction spec,
      HyperConnections wiring,
      Weights weights,
      RotaryTables tables,
      int hiddenSize) {
    count = wiring.streams();
    embeddingNorm = NormLayer.of(spec.norm(), weights, "embeddingNorm", hiddenSize);
    hiddenNorm = NormLayer.of(spec.norm(), weights, "hiddenNorm", hiddenSize);
    embeddingProjection =
        Projection.of(weights, "embeddingProjection", hiddenSize, hiddenSize, false);
    hiddenProjection = Projection.of(weights, "hiddenProjection", hiddenSize, hiddenSize, false);
    block = Layer.of(spec.block(), weights, tables, 0, hiddenSize);
    streams = new ConnectedStreams(wiring, weights, hiddenSize);
    finalNorm = NormLayer.of(spec.norm(), weights, "finalNorm", hiddenSize);
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, Matrix embedded, Matrix hidden) {
    Matrix token = embeddingProjection.apply(compute, embeddingNorm.apply(compute, embedded));
    Matrix normed = HyperStreams.apart(compute, hiddenNorm.apply(compute, hidden), count);
    Matrix known = HyperStreams.together(compute, hiddenProjection.apply(compute, normed), count);
    Matrix x = Add.apply(compute, known, HyperStreams.copies(compute, token, count));
    return block.apply(compute, batch, x);
  }

  @Override
  public Matrix output(Compute compute, Matrix known) {
    return finalNorm.apply(compute, streams.merge(compute, known));
  }
}
