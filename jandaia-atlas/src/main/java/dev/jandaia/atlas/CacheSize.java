package dev.jandaia.atlas;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.CompressedAttention;
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

  /** Bytes a token adds while no window is full, with its share of an entry. */
  public double perToken(CacheType type) {
    double bytes = 0;
    for (int i = 0; i < layers.size(); i++) {
      LayerCache layer = layers.get(i);
      Mixer mixer = blocks.get(i).mixer();
      bytes += type.bytes(layer.elementsPerToken(), vectors(mixer));
      bytes += entryBytes(layer, mixer, type) / layer.entries().rate();
    }
    return bytes;
  }

  /** Bytes held after {@code context} tokens, states included. */
  public double at(long context, CacheType type) {
    double bytes = stateBytes();
    for (int i = 0; i < layers.size(); i++) {
      bytes += grown(layers.get(i), blocks.get(i).mixer(), context, type);
    }
    return bytes;
  }

  /**
   * Bytes that attention reads to add a token to {@code context} earlier ones: of what sparse
   * attention chooses from, only the chosen.
   */
  public double readAt(long context, CacheType type) {
    double bytes = at(context, type);
    for (int i = 0; i < layers.size(); i++) {
      bytes -= unread(layers.get(i), blocks.get(i).mixer(), context, type);
    }
    return bytes;
  }

  private static double unread(LayerCache layer, Mixer mixer, long context, CacheType type) {
    long tokens = Math.max(0, Math.min(context, layer.maxTokens()) - layer.selectedTokens());
    LayerCache.Entries entries = layer.entries();
    long passed = Math.max(0, context / entries.rate() - entries.selected());
    // The vector by which an indexer chooses is read always.
    return type.bytes(layer.selectedElements() * tokens, (vectors(mixer) - 1) * tokens)
        + type.bytes(entries.selectedElements() * passed, passed);
  }

  /** Bytes of what grows in one layer, after {@code context} tokens. */
  static double grown(LayerCache layer, Mixer mixer, long context, CacheType type) {
    long tokens = Math.min(context, layer.maxTokens());
    return type.bytes(layer.elementsPerToken() * tokens, vectors(mixer) * tokens)
        + entryBytes(layer, mixer, type) * (context / layer.entries().rate());
  }

  /** Bytes of one entry that stands for several tokens. */
  private static double entryBytes(LayerCache layer, Mixer mixer, CacheType type) {
    return type.bytes(layer.entries().elements(), entryVectors(mixer));
  }

  /** Vectors of such an entry: the key that is the value, and that of an indexer. */
  private static int entryVectors(Mixer mixer) {
    return mixer instanceof CompressedAttention attention && attention.compression().isPresent()
        ? attention.indexer().isPresent() ? 2 : 1
        : 0;
  }

  /** Vectors that a token adds to a layer, its share of an entry included. */
  static double meanVectors(LayerCache layer, Mixer mixer) {
    return vectors(mixer) + (double) entryVectors(mixer) / layer.entries().rate();
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
  private static int vectors(Mixer mixer) {
    return switch (mixer) {
      case GroupedQueryAttention attention -> 2 * attention.numKvHeads();
      case CompressedAttention _ -> 1;
      case LatentAttention attention ->
          (attention.ropeDim() > 0 ? 2 : 1) + (attention.indexer().isPresent() ? 1 : 0);
      // the others hold a state, to which tokens add nothing
      default -> 0;
    };
  }
}
