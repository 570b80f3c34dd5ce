package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.CopyColumns;
import dev.jandaia.op.CopyColumns.Groups;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.TokenPrediction;

/** A module that projects the embedding and the hidden state side by side (DeepSeek-V3). */
final class JoinedPrediction implements PredictionModule {
  private static final Groups START = new Groups(0, 0);

  private final NormLayer embeddingNorm;
  private final NormLayer hiddenNorm;
  private final Projection projection;
  private final Layer block;
  private final NormLayer finalNorm;

  JoinedPrediction(TokenPrediction spec, Weights weights, RotaryTables tables, int hiddenSize) {
    embeddingNorm = NormLayer.of(spec.norm(), weights, "embeddingNorm", hiddenSize);
    hiddenNorm = NormLayer.of(spec.norm(), weights, "hiddenNorm", hiddenSize);
    projection = Projection.of(weights, "projection", hiddenSize, 2 * hiddenSize, false);
    block = Layer.of(spec.block(), weights, tables, 0, hiddenSize);
    finalNorm = NormLayer.of(spec.norm(), weights, "finalNorm", hiddenSize);
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, Matrix embedded, Matrix hidden) {
    int width = hidden.cols();
    Matrix both = compute.take(hidden.rows(), 2 * width);
    join(compute, embeddingNorm.apply(compute, embedded), both, 0);
    join(compute, hiddenNorm.apply(compute, hidden), both, width);
    Matrix x = block.apply(compute, batch, projection.apply(compute, both));
    return finalNorm.apply(compute, x);
  }

  private static void join(Compute compute, Matrix half, Matrix both, int column) {
    CopyColumns.apply(compute, half, START, both, new Groups(column, 0), 1, half.cols());
  }

  /** A further module reads the same. */
  @Override
  public Matrix output(Compute compute, Matrix known) {
    return known;
  }
}
