package dev.jandaia.model;

import dev.jandaia.cache.KeyValueCache;
import dev.jandaia.op.Attention;
import dev.jandaia.op.AttentionShape;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.CopyColumns;
import dev.jandaia.op.EntryAttention;
import dev.jandaia.op.GroupedLinear;
import dev.jandaia.op.HeadBands;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.Past;
import dev.jandaia.op.Projections;
import dev.jandaia.op.Rope;
import dev.jandaia.op.RotaryTable;
import dev.jandaia.op.RowSource;
import dev.jandaia.op.VectorParameter;
import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.Compression;
import java.util.Optional;

/** DeepSeek-V4's attention: one key that is the value, a window, and compressed entries. */
final class CompressedAttentionLayer implements MixerLayer {
  private static final CopyColumns.Groups WHOLE_ROWS = new CopyColumns.Groups(0, 0);

  private final CompressedAttention spec;
  private final int index;
  private final Projection queryDown;
  private final NormLayer queryDownNorm;
  private final Projection queryUp;
  private final NormLayer queryNorm;
  private final Projection key;
  private final NormLayer keyNorm;
  private final Optional<RotaryTable> rotary;
  private final int firstRotated;
  private final Optional<Entries> entries;
  private final Optional<VectorParameter> sinks;
  private final Projection outputDown;
  private final HeadBands.Band outputGroup;
  private final Projection output;
  private final AttentionShape shape;

  /** What makes entries, and what chooses among them. */
  private record Entries(Compressor compressor, Optional<EntryIndexerLayer> indexer, Memory past) {}

  CompressedAttentionLayer(
      CompressedAttention spec,
      Weights weights,
      RotaryTables tables,
      int index,
      String path,
      int hiddenSize) {
    this.spec = spec;
    this.index = index;
    int rank = spec.queryRank();
    int dim = spec.headDim();
    queryDown = Projection.of(weights, path + ".queryDown", rank, hiddenSize, false);
    queryDownNorm = NormLayer.of(spec.latentNorm(), weights, path + ".queryDownNorm", rank);
    queryUp = Projection.of(weights, path + ".queryUp", spec.queryWidth(), rank, false);
    queryNorm = NormLayer.of(spec.queryNorm(), weights, path + ".queryNorm", dim);
    key = Projection.of(weights, path + ".key", dim, hiddenSize, false);
    keyNorm = NormLayer.of(spec.latentNorm(), weights, path + ".keyNorm", dim);
    rotary = tables.of(spec.position());
    firstRotated = rotary.map(table -> dim - 2 * table.half()).orElse(dim);
    entries =
        spec.compression()
            .map(compression -> entries(compression, weights, tables, path, hiddenSize));
    sinks = Optional.of(weights.vector(path + ".sinks", spec.numHeads()));
    int narrow = spec.outputGroups() * spec.outputRank();
    outputDown = Projection.of(weights, path + ".outputDown", narrow, spec.groupWidth(), false);
    outputGroup = new HeadBands.Band(0, spec.outputRank(), spec.outputRank());
    output = Projection.of(weights, path + ".output", hiddenSize, narrow, false);
    shape =
        new AttentionShape(spec.numHeads(), 1, dim, dim, (float) spec.scale(), 0, spec.window());
  }

  private Entries entries(
      Compression compression, Weights weights, RotaryTables tables, String path, int hiddenSize) {
    Compressor compressor =
        new Compressor(
            compression,
            spec.headDim(),
            compression.norm(),
            weights,
            rotary,
            chunk -> chunk.cache().compressed(index).compressed(),
            path + ".compressor",
            hiddenSize);
    Optional<EntryIndexerLayer> indexer =
        compression
            .indexer()
            .map(own ->
                new EntryIndexerLayer(
                    own,
                    compression,
                    weights,
                    tables,
                    index,
                    path + ".indexer",
                    spec.queryRank(),
                    hiddenSize));
    return new Entries(compressor, indexer, new Memory(index));
  }

  /** The caches of the layer. */
  private record Memory(int layer) implements EntryAttention.Caches, Past {
    @Override
    public KeyValueCache of(Batch.Chunk chunk) {
      return window(chunk);
    }

    @Override
    public KeyValueCache window(Batch.Chunk chunk) {
      return chunk.cache().compressed(layer).window();
    }

    @Override
    public KeyValueCache entries(Batch.Chunk chunk) {
      return chunk.cache().compressed(layer).compressed().entries();
    }
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, RowSource x) {
    int dim = spec.headDim();
    Projections projections = Projections.of(compute);
    Matrix down = queryDown.join(projections, x);
    Matrix keys = key.join(projections, x);
    projections.run();
    Matrix latent = queryDownNorm.apply(compute, down);
    Matrix q = queryNorm.apply(compute, queryUp.apply(compute, latent));
    Matrix k = keyNorm.apply(compute, keys);
    if (rotary.isPresent()) {
      Rope.apply(compute, q, batch, rotary.get(), spec.numHeads(), dim, firstRotated);
      Rope.apply(compute, k, batch, rotary.get(), 1, dim, firstRotated);
    }
    Matrix mixed =
        entries.isPresent()
            ? attend(compute, batch, x.matrix(), latent, q, k, entries.get())
            : attend(compute, batch, q, k);
    if (rotary.isPresent()) {
      mixed = compute.recording() ? copy(compute, mixed) : mixed;
      Rope.undo(compute, mixed, batch, rotary.get(), spec.numHeads(), dim, firstRotated);
    }
    Matrix narrow = GroupedLinear.apply(compute, mixed, outputDown.weight(), outputGroup);
    return output.apply(compute, narrow);
  }

  /** On its way back attention reads what it said, which must not turn meanwhile. */
  private static Matrix copy(Compute compute, Matrix x) {
    Matrix copy = compute.take(x.rows(), x.cols());
    CopyColumns.apply(compute, x, WHOLE_ROWS, copy, WHOLE_ROWS, 1, x.cols());
    return copy;
  }

  /** To the window alone. */
  private Matrix attend(Compute compute, Batch batch, Matrix q, Matrix k) {
    Matrix mixed = Attention.apply(compute, shape, batch, index, q, k, k, sinks);
    Remember.rows(batch, index, k, k);
    return mixed;
  }

  /** To the window and to entries. */
  private Matrix attend(
      Compute compute, Batch batch, Matrix x, Matrix latent, Matrix q, Matrix k, Entries own) {
    boolean chosen = own.indexer().isPresent();
    if (chosen) {
      own.indexer().get().select(compute, batch, x, latent);
    }
    Matrix made = own.compressor().apply(compute, batch, x);
    Matrix mixed =
        EntryAttention.apply(
            compute, shape, batch, own.past(), q, k, made, chosen, sinks.orElseThrow());
    Remember.rows(batch, own.past(), k);
    own.compressor().remember(batch, made);
    return mixed;
  }
}
