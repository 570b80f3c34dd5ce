package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.Past;
import dev.jandaia.op.Projections;
import dev.jandaia.op.Rope;
import dev.jandaia.op.RotaryTable;
import dev.jandaia.op.SelectKeys;
import dev.jandaia.spec.Indexer;
import java.util.Optional;

/**
 * Executes an {@link Indexer}: leaves its choice in the batch, for its own layer and for those
 * after it that have none. What it computes is not recorded, for no gradient passes through a
 * choice.
 */
final class IndexerLayer {
  private final Indexer spec;
  private final int topK;
  private final int index;
  private final Projection query;
  private final Projection key;
  private final NormLayer keyNorm;
  private final Projection headWeights;
  private final Optional<RotaryTable> rotary;
  private final Past past;

  IndexerLayer(
      Indexer spec,
      int topK,
      Weights weights,
      RotaryTables tables,
      int index,
      String path,
      int queryRank,
      int hiddenSize) {
    this.spec = spec;
    this.topK = topK;
    this.index = index;
    int width = spec.numHeads() * spec.headDim();
    query = Projection.of(weights, path + ".query", width, queryRank, false);
    key = Projection.of(weights, path + ".key", spec.headDim(), hiddenSize, false);
    keyNorm = NormLayer.of(spec.keyNorm(), weights, path + ".keyNorm", spec.headDim());
    headWeights = Projection.of(weights, path + ".headWeights", spec.numHeads(), hiddenSize, false);
    rotary = tables.of(spec.position());
    past = chunk -> chunk.cache().indexKeys(index);
  }

  /**
   * @param x {@code [M, C]}
   * @param queryLatent {@code [M, queryRank]}
   */
  void select(Compute compute, Batch batch, Matrix x, Matrix queryLatent) {
    boolean recording = compute.pauseRecording();
    int mark = compute.mark();
    Matrix q = query.apply(compute, queryLatent);
    Projections projections = Projections.of(compute);
    Matrix keys = key.join(projections, x);
    Matrix weights = headWeights.join(projections, x);
    projections.run();
    Matrix k = keyNorm.apply(compute, keys);
    if (rotary.isPresent()) {
      Rope.apply(compute, q, batch, rotary.get(), spec.numHeads(), spec.headDim(), 0);
      Rope.apply(compute, k, batch, rotary.get(), 1, spec.headDim(), 0);
    }
    SelectKeys.apply(compute, batch, 1, past, topK, q, k, weights);
    Remember.indexKeys(batch, index, k);
    compute.release(mark);
    compute.resumeRecording(recording);
  }
}
