package dev.jandaia.model;

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
  private final List<Block> blocks = new ArrayList<>();
  private final NormLayer finalNorm;
  private final MatrixParameter head;

  /** Looks on as the residual stream passes from layer to layer. */
  public interface Observer {
    /** An observer that looks away. */
    Observer NONE = (index, x) -> {};

    /**
     * @param index of the layer whose input {@code x} is; the number of layers for the output of
     *     the last
     * @param x {@code [M, C]}, valid only during the call
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
    RotaryTables tables = new RotaryTables();
    for (int i = 0; i < spec.numLayers(); i++) {
      blocks.add(new Block(spec.blocks().get(i), weights, tables, i, hidden));
    }
    finalNorm = NormLayer.of(spec.finalNorm(), weights, "finalNorm", hidden);
    head = spec.head().tied() ? tokens : weights.matrix("head.weight", spec.vocabSize(), hidden);
  }

  public ModelSpec spec() {
    return spec;
  }

  /** Empty caches for a new sequence. */
  public SequenceCache newSequence() {
    return SequenceCache.of(spec);
  }

  /**
   * The normalised residual stream after the last layer, {@code [M, C]} for the M rows of {@code
   * batch}; the caches of its sequences advance.
   *
   * @throws IllegalArgumentException if a position lies beyond a learned position table
   */
  public Matrix hidden(Compute compute, Batch batch, Observer observer) {
    Matrix x = embed(compute, batch);
    for (int i = 0; i < blocks.size(); i++) {
      observer.residual(i, x);
      x = blocks.get(i).apply(compute, batch, x);
    }
    observer.residual(blocks.size(), x);
    for (int i = 0; i < batch.chunkCount(); i++) {
      batch.chunk(i).cache().advance(batch.chunk(i).rows());
    }
    return finalNorm.apply(compute, x);
  }

  private Matrix embed(Compute compute, Batch batch) {
    Embedding embedding = spec.embedding();
    Matrix x = Embed.apply(compute, batch.ids(), batch.size(), tokens, (float) embedding.scale());
    if (positions.isPresent()) {
      x =
          Add.apply(
              compute,
              x,
              Embed.apply(compute, batch.positions(), batch.size(), positions.get(), 1));
    }
    return embeddingNorm.apply(compute, x);
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
    int[] last = new int[batch.chunkCount()];
    for (int i = 0; i < last.length; i++) {
      last[i] = batch.chunk(i).firstRow() + batch.chunk(i).rows() - 1;
    }
    return logits(compute, Rows.gather(compute, hidden, last, 0, last.length));
  }
}
