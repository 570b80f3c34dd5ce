package dev.jandaia.model;

import dev.jandaia.op.Attention;
import dev.jandaia.op.AttentionShape;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.CopyColumns;
import dev.jandaia.op.HeadBands;
import dev.jandaia.op.Linear;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.MatrixParameter;
import dev.jandaia.op.Projections;
import dev.jandaia.op.QueryTemperature;
import dev.jandaia.op.Rope;
import dev.jandaia.op.RotaryTable;
import dev.jandaia.op.RowSource;
import dev.jandaia.op.SparseAttention;
import dev.jandaia.spec.Indexer;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.Span;
import java.util.Optional;

/**
 * Multi-head latent attention (2405.04434). What is remembered is the latent and the shared RoPE
 * key. Sequences that are seen whole expand the latents to keys and values of all heads; a
 * continuation instead takes its queries into latent space ("absorbed") and never expands the past.
 */
final class LatentAttentionLayer implements MixerLayer {
  private final LatentAttention spec;
  private final LatentLayout layout;
  private final int index;
  private final Optional<QueryLatent> queryLatent;
  private final Projection query;
  private final Projection latentDown;
  private final NormLayer latentNorm;
  private final MatrixParameter latentUp;
  private final Projection output;
  private final Optional<RotaryTable> rotary;
  private final Optional<QueryTemperature> temperature;
  private final Optional<IndexerLayer> indexer;
  private final AttentionShape expandedShape;
  private final AttentionShape absorbedShape;

  /** The low-rank way to the queries. */
  private record QueryLatent(Projection down, NormLayer norm) {}

  LatentAttentionLayer(
      LatentAttention spec,
      Weights weights,
      RotaryTables tables,
      int index,
      String path,
      int hiddenSize) {
    this.spec = spec;
    this.layout = LatentLayout.of(spec);
    this.index = index;
    int queryWidth = spec.numHeads() * spec.queryKeyDim();
    if (spec.queryRank() > 0) {
      int rank = spec.queryRank();
      queryLatent =
          Optional.of(
              new QueryLatent(
                  Projection.of(weights, path + ".queryDown", rank, hiddenSize, spec.inputBias()),
                  NormLayer.of(spec.latentNorm(), weights, path + ".queryDownNorm", rank)));
      query = Projection.of(weights, path + ".queryUp", queryWidth, rank, false);
    } else {
      queryLatent = Optional.empty();
      query = Projection.of(weights, path + ".query", queryWidth, hiddenSize, false);
    }
    latentDown =
        Projection.of(
            weights, path + ".latentDown", spec.cachedDim(), hiddenSize, spec.inputBias());
    latentNorm = NormLayer.of(spec.latentNorm(), weights, path + ".latentNorm", spec.kvRank());
    int upWidth = spec.numHeads() * (spec.nopeDim() + spec.valueDim());
    latentUp = weights.matrix(path + ".latentUp.weight", upWidth, spec.kvRank());
    output =
        Projection.of(
            weights,
            path + ".output",
            hiddenSize,
            spec.numHeads() * spec.valueDim(),
            spec.outputBias());
    rotary = tables.of(spec.position());
    temperature = Temperatures.of(spec.temperature());
    indexer = indexer(spec, weights, tables, index, path + ".indexer", hiddenSize);
    float scale = (float) spec.scale();
    Span span = spec.span();
    int heads = spec.numHeads();
    expandedShape =
        Spans.limit(
            new AttentionShape(heads, heads, spec.queryKeyDim(), spec.valueDim(), scale, 0), span);
    absorbedShape =
        Spans.limit(new AttentionShape(heads, 1, spec.cachedDim(), spec.kvRank(), scale, 0), span);
  }

  private static Optional<IndexerLayer> indexer(
      LatentAttention spec,
      Weights weights,
      RotaryTables tables,
      int index,
      String path,
      int hiddenSize) {
    return spec.span() instanceof Span.Sparse(Optional<Indexer> indexer, int topK)
        ? indexer.map(own ->
            new IndexerLayer(own, topK, weights, tables, index, path, spec.queryRank(), hiddenSize))
        : Optional.empty();
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, RowSource x) {
    Projections projections = Projections.of(compute);
    Matrix narrow =
        queryLatent.isPresent()
            ? queryLatent.get().down().join(projections, x)
            : query.join(projections, x);
    Matrix down = latentDown.join(projections, x);
    projections.run();
    Matrix q = queries(compute, batch, x, narrow);
    Matrix latents = latents(compute, batch, down);
    Matrix mixed =
        seenWhole(batch)
            ? expanded(compute, batch, q, latents)
            : absorbed(compute, batch, q, latents);
    Remember.rows(batch, index, latents, latents);
    return output.apply(compute, mixed);
  }

  private static boolean seenWhole(Batch batch) {
    for (int i = 0; i < batch.chunkCount(); i++) {
      if (batch.chunk(i).start() > 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * {@code [M, H·(nope + rope)]}, the rope part of each head rotated. On the way an indexer chooses
   * the keys they will meet.
   *
   * @param projected {@code x} times the first matrix on its way to queries
   */
  private Matrix queries(Compute compute, Batch batch, RowSource x, Matrix projected) {
    RowSource source =
        queryLatent.isPresent() ? queryLatent.get().norm().rows(compute, projected) : x;
    if (indexer.isPresent()) {
      indexer.get().select(compute, batch, x.matrix(), source.matrix());
    }
    Matrix q = queryLatent.isPresent() ? query.apply(compute, source) : projected;
    if (rotary.isPresent()) {
      Rope.apply(
          compute, q, batch, rotary.get(), spec.numHeads(), spec.queryKeyDim(), spec.nopeDim());
    }
    if (temperature.isPresent()) {
      temperature.get().apply(compute, q, batch);
    }
    return q;
  }

  /**
   * {@code [M, kvRank + rope]}: normalised latent and rotated shared key, as they are remembered.
   *
   * @param down the same before
   */
  private Matrix latents(Compute compute, Batch batch, Matrix down) {
    int rank = spec.kvRank();
    Matrix latent = compute.take(down.rows(), rank);
    CopyColumns.apply(compute, down, layout.start(), latent, layout.start(), 1, rank);
    Matrix normalised = latentNorm.apply(compute, latent);
    Matrix rows = compute.take(down.rows(), spec.cachedDim());
    CopyColumns.apply(compute, normalised, layout.start(), rows, layout.start(), 1, rank);
    CopyColumns.apply(
        compute, down, layout.sharedKey(), rows, layout.sharedKey(), 1, spec.ropeDim());
    if (rotary.isPresent()) {
      Rope.apply(compute, rows, batch, rotary.get(), 1, spec.cachedDim(), rank);
    }
    return rows;
  }

  private Matrix expanded(Compute compute, Batch batch, Matrix q, Matrix latents) {
    int heads = spec.numHeads();
    int rank = spec.kvRank();
    Matrix latent = compute.take(latents.rows(), rank);
    CopyColumns.apply(compute, latents, layout.start(), latent, layout.start(), 1, rank);
    Matrix up = Linear.apply(compute, latent, latentUp);
    Matrix k = compute.take(latents.rows(), heads * spec.queryKeyDim());
    CopyColumns.apply(compute, up, layout.upKeys(), k, layout.nope(), heads, spec.nopeDim());
    CopyColumns.apply(
        compute, latents, layout.sharedKey(), k, layout.rope(), heads, spec.ropeDim());
    Matrix v = compute.take(latents.rows(), heads * spec.valueDim());
    CopyColumns.apply(compute, up, layout.upValues(), v, layout.values(), heads, spec.valueDim());
    return attend(compute, expandedShape, batch, q, k, v);
  }

  private Matrix absorbed(Compute compute, Batch batch, Matrix q, Matrix latents) {
    int heads = spec.numHeads();
    int keyDim = spec.queryKeyDim();
    int rowDim = spec.cachedDim();
    Matrix latentQueries = compute.zeros(q.rows(), heads * rowDim);
    HeadBands.multiplyTransposed(
        compute, q, keyDim, latentUp, layout.keyBand(), latentQueries, rowDim);
    CopyColumns.apply(
        compute, q, layout.rope(), latentQueries, layout.latentRope(), heads, spec.ropeDim());
    Matrix sums = attend(compute, absorbedShape, batch, latentQueries, latents, latents);
    Matrix mixed = compute.take(q.rows(), heads * spec.valueDim());
    HeadBands.multiply(
        compute, sums, spec.kvRank(), latentUp, layout.valueBand(), mixed, spec.valueDim());
    return mixed;
  }

  private Matrix attend(
      Compute compute, AttentionShape shape, Batch batch, Matrix q, Matrix k, Matrix v) {
    return spec.span() instanceof Span.Sparse
        ? SparseAttention.apply(compute, shape, batch, index, q, k, v)
        : Attention.apply(compute, shape, batch, index, q, k, v, Optional.empty());
  }
}
