package dev.jandaia.cache;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Span;
import java.util.Collections;
import java.util.List;

/**
 * Everything a model remembers of one sequence: a cache per layer, and how many positions have been
 * seen.
 */
public final class SequenceCache {
  private final List<KeyValueCache> layers;
  private int position;

  private SequenceCache(List<KeyValueCache> layers, int position) {
    this.layers = layers;
    this.position = position;
  }

  /** Empty caches of the kinds that the layers of {@code spec} need. */
  public static SequenceCache of(ModelSpec spec) {
    return new SequenceCache(spec.blocks().stream().map(SequenceCache::layer).toList(), 0);
  }

  /** Caches that remember nothing, for a sequence that is seen whole. */
  public static SequenceCache none(ModelSpec spec) {
    return new SequenceCache(Collections.nCopies(spec.numLayers(), NoCache.INSTANCE), 0);
  }

  private static KeyValueCache layer(BlockSpec block) {
    return switch (block.mixer()) {
      case GroupedQueryAttention a ->
          switch (a.span()) {
            case Span.Full _ -> HeadCache.full(a.numKvHeads(), a.headDim(), a.headDim());
            case Span.Sliding s ->
                HeadCache.sliding(a.numKvHeads(), a.headDim(), a.headDim(), s.window());
          };
      case LatentAttention a ->
          switch (a.span()) {
            case Span.Full _ -> LatentCache.full(a.kvRank(), a.ropeDim());
            case Span.Sliding s -> LatentCache.sliding(a.kvRank(), a.ropeDim(), s.window());
          };
    };
  }

  public KeyValueCache layer(int index) {
    return layers.get(index);
  }

  /** Positions seen so far: the position of the next token. */
  public int position() {
    return position;
  }

  /** Notes that all layers have appended {@code count} positions. */
  public void advance(int count) {
    position += count;
  }

  /**
   * Forgets all positions from {@code end} on, in all layers or in none.
   *
   * @throws IllegalStateException if a layer has already dropped positions that would be needed
   */
  public void truncate(int end) {
    if (end < 0 || end > position) {
      throw new IllegalArgumentException(
          "truncate: expected a position in 0..%d, found %d".formatted(position, end));
    }
    for (int i = 0; i < layers.size(); i++) {
      if (!layers.get(i).canTruncate(end)) {
        throw new IllegalStateException(
            "truncate to %d: layer %d holds positions from %d on"
                .formatted(end, i, layers.get(i).start()));
      }
    }
    layers.forEach(layer -> layer.truncate(end));
    position = end;
  }

  /** An independent copy, to continue one prompt in several ways. */
  public SequenceCache fork() {
    return new SequenceCache(layers.stream().map(KeyValueCache::fork).toList(), position);
  }

  /** Bytes of memory held by all layers. */
  public long bytes() {
    return layers.stream().mapToLong(KeyValueCache::bytes).sum();
  }
}
