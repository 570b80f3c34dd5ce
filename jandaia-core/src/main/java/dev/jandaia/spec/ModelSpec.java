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
 */
public record ModelSpec(
    String family,
    int vocabSize,
    int hiddenSize,
    int contextLength,
    Embedding embedding,
    List<BlockSpec> blocks,
    Norm finalNorm,
    Head head) {

  public ModelSpec {
    Check.positive("vocabSize", vocabSize);
    Check.positive("hiddenSize", hiddenSize);
    Check.positive("contextLength", contextLength);
    blocks = List.copyOf(blocks);
    if (blocks.isEmpty()) {
      throw new SpecException("blocks: expected at least one layer, found none");
    }
    requireSelections(blocks);
  }

  /** A layer that reuses a choice of keys needs one to reuse, of as many keys. */
  private static void requireSelections(List<BlockSpec> blocks) {
    int chosen = 0;
    for (int i = 0; i < blocks.size(); i++) {
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

  public int numLayers() {
    return blocks.size();
  }
}
