package dev.jandaia.atlas;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.CacheCount;
import dev.jandaia.spec.count.LayerCache;
import java.util.List;

/** Bytes that a model remembers of one sequence, by {@link CacheType}. */
public final class CacheSize {
  private final List<LayerCache> layers;
  private final List<BlockSpec> blocks;

  private CacheSize(ModelSpec spec) {
    this.layers = CacheCount.of(spec).layers();
    this.blocks = spec.blocks();
  }

  /** The cache of a model. */
  public static CacheSize of(ModelSpec spec) {
    return new CacheSize(spec);
  }

  /** Bytes a token adds while no window is full. */
  public double perToken(CacheType type) {
    double bytes = 0;
    for (int i = 0; i < layers.size(); i++) {
      bytes += type.bytes(layers.get(i).elementsPerToken(), vectors(blocks.get(i).mixer()));
    }
    return bytes;
  }

  /** Bytes held after {@code context} tokens, states included. */
  public double at(long context, CacheType type) {
    double bytes = stateBytes();
    for (int i = 0; i < layers.size(); i++) {
      LayerCache layer = layers.get(i);
      long tokens = Math.min(context, layer.maxTokens());
      long vectors = vectors(blocks.get(i).mixer());
      bytes += type.bytes(layer.elementsPerToken() * tokens, vectors * tokens);
    }
    return bytes;
  }

  /** Elements of states that do not grow. */
  public long stateElements() {
    return layers.stream().mapToLong(LayerCache::stateElements).sum();
  }

  /** Bytes of states that do not grow. */
  public long stateBytes() {
    return stateElements() * CacheType.STATE_BYTES;
  }

  /** Vectors that a token adds to a layer: those that a quantiser gives norms of their own. */
  static int vectors(Mixer mixer) {
    return switch (mixer) {
      case GroupedQueryAttention attention -> 2 * attention.numKvHeads();
      case LatentAttention attention ->
          (attention.ropeDim() > 0 ? 2 : 1) + (attention.indexer().isPresent() ? 1 : 0);
      // the others hold a state, to which tokens add nothing
      default -> 0;
    };
  }
}
