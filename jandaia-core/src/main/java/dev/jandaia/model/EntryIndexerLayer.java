package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.Rope;
import dev.jandaia.op.RotaryTable;
import dev.jandaia.op.SelectKeys;
import dev.jandaia.spec.Compression;
import dev.jandaia.spec.Indexer;
import java.util.Optional;

/**
 * Executes the {@link Indexer} of a {@link Compression}: chooses among entries by small entries of
 * its own. As with {@link IndexerLayer}, no gradient passes through the choice.
 */
final class EntryIndexerLayer {
  private final Indexer spec;
  private final Compression compression;
  private final Compressor compressor;
  private final Projection query;
  private final Projection headWeights;
  private final Optional<RotaryTable> rotary;

  EntryIndexerLayer(
      Indexer spec,
      Compression compression,
      Weights weights,
      RotaryTables tables,
      int index,
      String path,
      int queryRank,
      int hiddenSize) {
    this.spec = spec;
    this.compression = compression;
    rotary = tables.of(spec.position());
    int width = spec.numHeads() * spec.headDim();
    query = Projection.of(weights, path + ".query", width, queryRank, false);
    compressor =
        new Compressor(
            compression,
            spec.headDim(),
            spec.keyNorm(),
            weights,
            rotary,
            chunk -> chunk.cache().compressed(index).index(),
            path + ".compressor",
            hiddenSize);
    headWeights = Projection.of(weights, path + ".headWeights", spec.numHeads(), hiddenSize, false);
  }

  /**
   * Leaves its choice in the batch.
   *
   * @param x {@code [M, C]}
   * @param queryLatent {@code [M, queryRank]}
   */
  void select(Compute compute, Batch batch, Matrix x, Matrix queryLatent) {
    boolean recording = compute.pauseRecording();
    int mark = compute.mark();
    int dim = spec.headDim();
    Matrix q = query.apply(compute, queryLatent);
    if (rotary.isPresent()) {
      int first = dim - 2 * rotary.get().half();
      Rope.apply(compute, q, batch, rotary.get(), spec.numHeads(), dim, first);
    }
    Matrix keys = compressor.apply(compute, batch, x);
    Matrix weights = headWeights.apply(compute, x);
    SelectKeys.apply(
        compute,
        batch,
        compression.rate(),
        compressor.past(),
        compression.topK(),
        q,
        keys,
        weights);
    compressor.remember(batch, keys);
    compute.release(mark);
    compute.resumeRecording(recording);
  }
}
