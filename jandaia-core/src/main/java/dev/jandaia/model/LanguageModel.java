package dev.jandaia.model;

import dev.jandaia.cache.CacheType;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.op.Add;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Embed;
import dev.jandaia.op.Linear;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.MatrixParameter;
import dev.jandaia.op.Rows;
import dev.jandaia.op.Scale;
import dev.jandaia.op.SoftCap;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A spec with weights: embedding → blocks → final norm → head. The same pass serves inference and
 * training; which it is depends on whether the {@link Compute} records. Immutable and shareable;
 * sequences and computes are not.
 */
public final class LanguageModel {
  private final ModelSpec spec;
  private final MatrixParameter tokens;
  private final Optional<MatrixParameter> positions;
  private final NormLayer embeddingNorm;
  private final Optional<LayerEmbeddings> layerEmbeddings;
  private final ResidualStreams streams;
  private final List<Layer> blocks = new ArrayList<>();
  private final NormLayer finalNorm;
  private final MatrixParameter head;
  private final List<PredictionModule> predictions = new ArrayList<>();
  private final Rereading rereading;
  private final SharedKeyValues shared;

  /** Looks on as the residual stream passes from layer to layer. */
  public interface Observer {
    /** An observer that looks away. */
    Observer NONE = (index, x) -> {};

    /**
     * @param index of the layer whose input {@code x} is; the number of layers for the output of
     *     the last
     * @param x {@code [M, C]}, or where the model has n residual streams {@code [n·M, C]}, or
     *     {@code [M, n·C]} if they are hyper-connected; valid only during the call
     */
    void residual(int index, Matrix x);
  }

  public LanguageModel(ModelSpec spec, Weights weights) {
    this.spec = spec;
    int hidden = spec.hiddenSize();
    Embedding embedding = spec.embedding();
    tokens = weights.matrix("embedding.tokens.weight", spec.vocabSize(), hidden);
    positions =
        embedding.learnedPositions() > 0
            ? Optional.of(
                weights.matrix("embedding.positions.weight", embedding.learnedPositions(), hidden))
            : Optional.empty();
    embeddingNorm = NormLayer.of(embedding.norm(), weights, "embedding.norm", hidden);
    layerEmbeddings =
        embedding
            .layers()
            .map(layers -> new LayerEmbeddings(layers, weights, spec.numLayers(), hidden));
    streams = ResidualStreams.of(spec, weights);
    shared = SharedKeyValues.of(spec);
    RotaryTables tables = new RotaryTables();
    for (int i = 0; i < spec.numLayers(); i++) {
      blocks.add(Layer.of(spec.blocks().get(i), weights, tables, i, hidden));
    }
    rereading = new Rereading(tables.limits());
    finalNorm = NormLayer.of(spec.finalNorm(), weights, "finalNorm", hidden);
    head = spec.head().tied() ? tokens : weights.matrix("head.weight", spec.vocabSize(), hidden);
    spec.prediction()
        .ifPresent(modules -> {
          for (int i = 0; i < modules.numModules(); i++) {
            Weights own = weights.below("prediction." + i + ".");
            predictions.add(PredictionModule.of(spec, modules, own, tables));
          }
        });
  }

  public ModelSpec spec() {
    return spec;
  }

  /** Empty caches for a new sequence. */
  public SequenceCache newSequence() {
    return SequenceCache.of(spec);
  }

  /** As {@link #newSequence()}, keys and values stored as {@code type}. */
  public SequenceCache newSequence(CacheType type) {
    return SequenceCache.of(spec, type);
  }

  /**
   * The normalised residual stream after the last layer, {@code [M, C]} for the M rows of {@code
   * batch}; the caches of its sequences advance.
   *
   * @throws JandaiaException if an id lies outside the vocabulary, or a position beyond a learned
   *     table; the caches are then as before
   */
  public Matrix hidden(Compute compute, Batch batch, Observer observer) {
    rereading.before(compute, batch, this);
    batch.handover().clear();
    Matrix x = embed(compute, batch);
    if (layerEmbeddings.isPresent()) {
      layerEmbeddings.get().before(compute, batch, x);
    }
    x = streams.split(compute, x);
    shared.before(compute, batch);
    for (int i = 0; i < blocks.size(); i++) {
      observer.residual(i, x);
      x = blocks.get(i).apply(compute, batch, x);
    }
    observer.residual(blocks.size(), x);
    shared.after(batch);
    rereading.after(batch);
    advance(batch);
    return finalNorm.apply(compute, streams.merge(compute, x));
  }

  /**
   * Empty caches of one module for further tokens, for a new sequence.
   *
   * @throws dev.jandaia.spec.SpecException if the model has no such modules
   */
  public SequenceCache newPrediction() {
    return SequenceCache.of(spec.predictionModule());
  }

  /**
   * What a module for further tokens knows of the token after {@code next}; {@link
   * #predictionLogits} makes its prediction of it. The caches of {@code next}, made by {@link
   * #newPrediction}, advance.
   *
   * @param module 0 for the first
   * @param next for each row the token that follows its position
   * @param hidden of the same positions: for the first module the normalised residual stream of
   *     {@link #hidden}, {@code [M, C]}, or where streams are hyper-connected all n as an {@link
   *     Observer} sees them after the last layer, {@code [M, n·C]}; for a further module what the
   *     one before returned
   * @return of the shape of {@code hidden}
   * @throws JandaiaException if an id lies outside the vocabulary
   */
  public Matrix predict(Compute compute, int module, Batch next, Matrix hidden) {
    if (hidden.rows() != next.size()) {
      throw new IllegalArgumentException(
          "predict: expected hidden states of %d rows, found %d"
              .formatted(next.size(), hidden.rows()));
    }
    PredictionModule predictor = predictions.get(module);
    next.handover().clear();
    Matrix known = predictor.apply(compute, next, embed(compute, next), hidden);
    advance(next);
    return known;
  }

  /** Logits of what a module returned: {@code [M, V]}. */
  public Matrix predictionLogits(Compute compute, int module, Matrix known) {
    return logits(compute, predictions.get(module).output(compute, known));
  }

  private static void advance(Batch batch) {
    for (int i = 0; i < batch.chunkCount(); i++) {
      batch.chunk(i).cache().advance(batch.chunk(i).rows());
    }
  }

  private Matrix embed(Compute compute, Batch batch) {
    Embedding embedding = spec.embedding();
    Matrix x = Embed.apply(compute, batch.ids(), batch.size(), tokens, (float) embedding.scale());
    if (positions.isPresent()) {
      x = Add.apply(compute, x, positions(compute, batch, positions.get()));
    }
    return embeddingNorm.apply(compute, x);
  }

  private static Matrix positions(Compute compute, Batch batch, MatrixParameter table) {
    for (int i = 0; i < batch.chunkCount(); i++) {
      int end = batch.chunk(i).start() + batch.chunk(i).rows();
      if (end > table.rows()) {
        throw new JandaiaException(
            "%s: expected a sequence of at most %d tokens, found %d"
                .formatted(table.path(), table.rows(), end));
      }
    }
    return Embed.apply(compute, batch.positions(), batch.size(), table, 1);
  }

  /** Logits of normalised hidden rows: {@code [M, C] → [M, V]}. */
  public Matrix logits(Compute compute, Matrix hidden) {
    Matrix logits = Linear.apply(compute, hidden, head);
    Scale.apply(compute, logits, (float) spec.head().scale());
    float cap = (float) spec.head().softCap();
    return cap == 0 ? logits : SoftCap.apply(compute, logits, cap);
  }

  /**
   * Logits for the token after each chunk of {@code batch}, {@code [chunks, V]}: only the last rows
   * visit the head.
   */
  public Matrix nextTokenLogits(Compute compute, Batch batch) {
    Matrix hidden = hidden(compute, batch, Observer.NONE);
    if (batch.size() == batch.chunkCount()) {
      return logits(compute, hidden);
    }
    Matrix last = Rows.gather(compute, hidden, batch.lastRows(), 0, batch.chunkCount());
    return logits(compute, last);
  }
}
