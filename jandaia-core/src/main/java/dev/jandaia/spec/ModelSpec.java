package dev.jandaia.spec;

import java.util.List;
import java.util.Optional;

/**
 * A decoder-only language model as a value: everything that is needed to run, train, count, draw
 * and compare it, and nothing about weights, threads or caches. Layers that differ are simply
 * different elements of {@code blocks}.
 *
 * @param family the published family, as {@code model_type} of its config.json names it ({@code
 *     llama}, {@code deepseek_v3}, ...)
 * @param vocabSize rows of the embedding table, V
 * @param hiddenSize width of the residual stream, C
 * @param contextLength positions the model was made for; the engine does not enforce it where
 *     positions are computed
 * @param embedding from token ids to the residual stream
 * @param blocks the layers, first to last
 * @param finalNorm applied to the residual stream before the head
 * @param head from the residual stream to logits
 * @param prediction modules that foresee further tokens, where the model has them
 */
public record ModelSpec(
    String family,
    int vocabSize,
    int hiddenSize,
    int contextLength,
    Embedding embedding,
    List<BlockSpec> blocks,
    Norm finalNorm,
    Head head,
    Optional<TokenPrediction> prediction) {

  /** A model without modules for further tokens. */
  public ModelSpec(
      String family,
      int vocabSize,
      int hiddenSize,
      int contextLength,
      Embedding embedding,
      List<BlockSpec> blocks,
      Norm finalNorm,
      Head head) {
    this(
        family,
        vocabSize,
        hiddenSize,
        contextLength,
        embedding,
        blocks,
        finalNorm,
        head,
        Optional.empty());
  }

  public ModelSpec {
    Check.positive("vocabSize", vocabSize);
    Check.positive("hiddenSize", hiddenSize);
    Check.positive("contextLength", contextLength);
    blocks = List.copyOf(blocks);
    if (blocks.isEmpty()) {
      throw new SpecException("blocks: expected at least one layer, found none");
    }
    requireSelections(blocks);
    for (int i = 0; i < blocks.size(); i++) {
      requireEarlierLayer(blocks, i);
      requireSameStreams(blocks, i);
      requireWholeTable(blocks.get(i), vocabSize, i);
    }
    requireSameWiring(blocks, prediction);
  }

  /** Modules for further tokens take up the streams of the model. */
  private static void requireSameWiring(
      List<BlockSpec> blocks, Optional<TokenPrediction> prediction) {
    Optional<HyperConnections> wiring = wiring(blocks.getFirst().residual());
    if (prediction.isPresent() && !wiring(prediction.get().block().residual()).equals(wiring)) {
      throw new SpecException("prediction.block.residual.wiring: expected that of blocks[0]");
    }
  }

  /** A layer that reuses a choice of keys needs one to reuse, of as many keys. */
  private static void requireSelections(List<BlockSpec> blocks) {
    int chosen = 0;
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).mixer() instanceof CompressedAttention) {
        // It chooses among entries, of no use to others.
        chosen = 0;
      }
      if (blocks.get(i).mixer() instanceof LatentAttention attention
          && attention.span() instanceof Span.Sparse(Optional<Indexer> indexer, int topK)) {
        chosen = indexer.isPresent() ? topK : chosen;
        if (chosen != topK) {
          throw new SpecException(
              "blocks[%d]: expected an earlier layer that chooses %d keys, found %s"
                  .formatted(i, topK, chosen == 0 ? "none" : "one that chooses " + chosen));
        }
      }
    }
  }

  /** Throws if a layer reads keys and values that no earlier layer makes. */
  private static void requireEarlierLayer(List<BlockSpec> blocks, int index) {
    if (!(blocks.get(index).mixer() instanceof GroupedQueryAttention reader)
        || !(reader.keyValues() instanceof KeyValues.OfLayer(int layer))) {
      return;
    }
    boolean fits =
        layer < index
            && blocks.get(layer).mixer() instanceof GroupedQueryAttention maker
            && !(maker.keyValues() instanceof KeyValues.OfLayer)
            && maker.numKvHeads() == reader.numKvHeads()
            && maker.headDim() == reader.headDim()
            && maker.span().equals(reader.span());
    if (!fits) {
      throw new SpecException(
          "blocks[%d].mixer.keyValues: expected an earlier layer with keys of this shape, found %d"
              .formatted(index, layer));
    }
  }

  /** Throws if a layer's streams are not those of the first layer. */
  private static void requireSameStreams(List<BlockSpec> blocks, int index) {
    Residual first = blocks.getFirst().residual();
    Residual own = blocks.get(index).residual();
    if (own.streams() != first.streams()) {
      throw new SpecException(
          "blocks[%d].residual: expected as many streams as blocks[0] has".formatted(index));
    }
    if (!wiring(own).equals(wiring(first))) {
      throw new SpecException(
          "blocks[%d].residual.wiring: expected that of blocks[0]".formatted(index));
    }
  }

  private static Optional<HyperConnections> wiring(Residual residual) {
    return residual instanceof Residual.HyperConnected(_, HyperConnections wiring)
        ? Optional.of(wiring)
        : Optional.empty();
  }

  /** Throws if experts are looked up in a table for another vocabulary. */
  private static void requireWholeTable(BlockSpec block, int vocabSize, int index) {
    MixtureOfExperts.in(block.feedForward())
        .flatMap(moe -> moe.router().tokenTable())
        .filter(table -> table.vocabSize() != vocabSize)
        .ifPresent(table -> {
          throw new SpecException(
              "blocks[%d].feedForward.router.tokenTable: expected vocabSize = %d, found %d"
                  .formatted(index, vocabSize, table.vocabSize()));
        });
  }

  /** How the residual streams are connected, where they are hyper-connected. */
  public Optional<HyperConnections> hyperConnections() {
    return wiring(blocks.getFirst().residual());
  }

  /** Residual streams that pass from layer to layer. */
  public int numStreams() {
    return blocks.getFirst().residual().streams();
  }

  public int numLayers() {
    return blocks.size();
  }

  /** This model with other layers. */
  public ModelSpec withBlocks(List<BlockSpec> layers) {
    return with(layers, prediction);
  }

  /** This model with modules for further tokens. */
  public ModelSpec withPrediction(TokenPrediction modules) {
    return with(blocks, Optional.of(modules));
  }

  /** This model without modules for further tokens. */
  public ModelSpec withoutPrediction() {
    return prediction.isEmpty() ? this : with(blocks, Optional.empty());
  }

  /**
   * A module for further tokens as a model of its own: one layer, and the output norm as the final
   * one.
   *
   * @throws SpecException if this model has none
   */
  public ModelSpec predictionModule() {
    TokenPrediction modules =
        prediction.orElseThrow(
            () -> new SpecException("prediction: expected modules, found none in this " + family));
    return new ModelSpec(
        family,
        vocabSize,
        hiddenSize,
        contextLength,
        embedding,
        List.of(modules.block()),
        modules.norm(),
        head);
  }

  private ModelSpec with(List<BlockSpec> layers, Optional<TokenPrediction> modules) {
    return new ModelSpec(
        family, vocabSize, hiddenSize, contextLength, embedding, layers, finalNorm, head, modules);
  }
}
