package dev.jandaia.cache;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Span;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Everything a model remembers of one sequence: a cache per layer, and how many positions have been
 * seen.
 */
public final class SequenceCache {
  private final List<KeyValueCache> layers;
  private int position;
  private int reach;
  private int[] tokens = {};

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
            case Span.Chunked c ->
                HeadCache.chunked(a.numKvHeads(), a.headDim(), a.headDim(), c.size());
          };
      case LatentAttention a ->
          switch (a.span()) {
            case Span.Full _ -> LatentCache.full(a.kvRank(), a.ropeDim());
            case Span.Sliding s -> LatentCache.sliding(a.kvRank(), a.ropeDim(), s.window());
            case Span.Chunked c -> LatentCache.chunked(a.kvRank(), a.ropeDim(), c.size());
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
    reach = Math.max(reach, position);
  }

  /**
   * Announces that the sequence will have {@code length} positions. LongRoPE rotates differently
   * when a sequence is long; one that is announced is rotated for its length from the start, any
   * other is read again when it turns out to be long.
   */
  public void announce(int length) {
    reach = Math.max(reach, length);
  }

  /** The most positions that the sequence has had since it was empty, or was announced to have. */
  public int reach() {
    return reach;
  }

  /** Keeps the ids of the next {@code count} tokens, for {@link #tokens}. */
  public void keep(int[] ids, int from, int count) {
    if (position + count > tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(position + count, 2 * tokens.length));
    }
    System.arraycopy(ids, from, tokens, position, count);
  }

  /** The ids of all positions seen, if they were kept. */
  public int[] tokens() {
    return Arrays.copyOf(tokens, position);
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
    reach = end == 0 ? 0 : reach;
  }

  /** An independent copy, to continue one prompt in several ways. */
  public SequenceCache fork() {
    SequenceCache copy =
        new SequenceCache(layers.stream().map(KeyValueCache::fork).toList(), position);
    copy.reach = reach;
    copy.tokens = tokens.clone();
    return copy;
  }

  /** Bytes of memory held by all layers. */
  public long bytes() {
    return layers.stream().mapToLong(KeyValueCache::bytes).sum();
  }
}
