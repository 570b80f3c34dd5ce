package dev.jandaia.family;

import dev.jandaia.spec.Indexer;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.Span;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What GGUF files tell of the indexers of sparse attention, and what they are told. */
final class GgufIndexers {
  /** Fixed by the programs that run these models. */
  private static final double KEY_EPSILON = 1e-6;

  private static final String TYPES = "attention.indexer.types";

  /** Context from which on a GLM without a list has the pattern of GLM-5.2. */
  private static final int LONG_CONTEXT = 1 << 20;

  private GgufIndexers() {}

  /**
   * @param position of the attention, whose frequencies the indexer shares
   * @param pairing of the indexer
   * @param chooses whether the layer has an indexer of its own
   */
  static Span span(GgufMetadata gguf, Position.Rotary position, Pairing pairing, boolean chooses) {
    Position own =
        new Position.Rotary(position.theta(), position.rotaryDim(), pairing, position.scaling());
    Indexer indexer =
        new Indexer(
            gguf.integer("attention.indexer.head_count"),
            gguf.integer("attention.indexer.key_length"),
            new Norm.Layer(KEY_EPSILON, true),
            own);
    return new Span.Sparse(
        chooses ? Optional.of(indexer) : Optional.empty(), gguf.integer("attention.indexer.top_k"));
  }

  /** Whether a layer of a GLM has an indexer. */
  static boolean isFull(GgufMetadata gguf, int layer) {
    int layers = layer + 1;
    if (!gguf.has(TYPES)) {
      boolean every = gguf.integer("context_length") < LONG_CONTEXT;
      return every || layer < 2 || (layer - 2) % 4 == 0;
    }
    return gguf.flags(TYPES, layers).orElseThrow()[layer];
  }

  /** The keys of a model whose layers may be sparse; none where no layer is. */
  static Map<String, Object> keys(SpecLayers layers) {
    Map<String, Object> keys = new LinkedHashMap<>();
    layers
        .mixers(LatentAttention.class)
        .map(LatentAttention::span)
        .filter(Span.Sparse.class::isInstance)
        .map(span -> (Span.Sparse) span)
        .filter(span -> span.indexer().isPresent())
        .findFirst()
        .ifPresent(span -> {
          Indexer indexer = span.indexer().orElseThrow();
          keys.put("attention.indexer.head_count", (long) indexer.numHeads());
          keys.put("attention.indexer.key_length", (long) indexer.headDim());
          keys.put("attention.indexer.top_k", (long) span.topK());
        });
    return keys;
  }

  /** Which layers have an indexer. */
  static Map<String, Object> types(SpecLayers layers) {
    int numLayers = layers.spec().numLayers();
    boolean[] full = new boolean[numLayers];
    for (int i = 0; i < numLayers; i++) {
      full[i] =
          layers.spec().blocks().get(i).mixer() instanceof LatentAttention attention
              && attention.indexer().isPresent();
    }
    return Map.of(TYPES, full);
  }
}
