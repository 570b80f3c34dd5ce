package dev.jandaia.cache;

import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import java.util.Arrays;
import java.util.List;

/**
 * Everything a model remembers of one sequence: a cache per layer, and how many positions have been
 * seen.
 *
 * <p>Keys and values can be forgotten from any position on ({@link #truncate}). Recurrent states
 * cannot: who wants to come back to a position takes a {@link #checkpoint} there, which copies the
 * states and nothing else, and {@link #restore}s it later.
 */
public final class SequenceCache {
  private final List<LayerCache> layers;
  private int position;
  private int reach;
  private int[] tokens = {};

  private SequenceCache(List<LayerCache> layers, int position) {
    this.layers = layers;
    this.position = position;
  }

  /** Empty caches of the kinds that the layers of {@code spec} need. */
  public static SequenceCache of(ModelSpec spec) {
    return of(spec, CacheType.F32);
  }

  /** As {@link #of(ModelSpec)}, keys and values stored as {@code type}. */
  public static SequenceCache of(ModelSpec spec, CacheType type) {
    return new SequenceCache(
        spec.blocks().stream().map(block -> layer(block.mixer(), type)).toList(), 0);
  }

  /** Caches that remember nothing, for a sequence that is seen whole. */
  public static SequenceCache none(ModelSpec spec) {
    return new SequenceCache(
        spec.blocks().stream().map(block -> forgetful(block.mixer())).toList(), 0);
  }

  private static LayerCache layer(Mixer mixer, CacheType type) {
    return switch (mixer) {
      // Such a layer reads what an earlier one remembers.
      case GroupedQueryAttention a when a.keyValues() instanceof KeyValues.OfLayer ->
          NoCache.INSTANCE;
      case GroupedQueryAttention a ->
          HeadCache.of(a.numKvHeads(), a.headDim(), a.headDim(), Retention.of(a.span()), type);
      case LatentAttention a -> latents(a, type);
      // Its sums mix two stores, which rotated rows would not allow.
      case CompressedAttention a -> compressed(a, CacheType.unrotated(type));
      case GatedDeltaNet d ->
          RecurrentCache.of(
              d.valueWidth() * d.keyDim(),
              (2 * d.keyWidth() + d.valueWidth()) * (d.convolution() - 1));
      case KimiDeltaAttention k ->
          RecurrentCache.of(k.width() * k.headDim(), 3 * k.width() * (k.convolution() - 1));
      case LightningAttention l -> RecurrentCache.of(l.width() * l.headDim(), 0);
    };
  }

  private static KeyValueCache latents(LatentAttention attention, CacheType type) {
    KeyValueCache latents =
        LatentCache.of(
            attention.kvRank(), attention.ropeDim(), Retention.of(attention.span()), type);
    return attention
        .indexer()
        .<KeyValueCache>map(indexer ->
            new IndexedCache(
                latents,
                LatentCache.of(indexer.headDim(), 0, Retention.ALL, CacheType.unrotated(type))))
        .orElse(latents);
  }

  private static LayerCache compressed(CompressedAttention attention, CacheType type) {
    Retention nearest = Retention.sliding(attention.window());
    KeyValueCache window = LatentCache.of(attention.headDim(), 0, nearest, type);
    return attention
        .compression()
        .<LayerCache>map(
            compression -> CompressedCache.of(attention.headDim(), window, compression, type))
        .orElse(window);
  }

  private static LayerCache forgetful(Mixer mixer) {
    return switch (mixer) {
      case LatentAttention a when a.indexer().isPresent() ->
          new IndexedCache(NoCache.INSTANCE, NoCache.INSTANCE);
      case CompressedAttention a when a.compression().isPresent() ->
          CompressedCache.none(a.compression().get());
      case GroupedQueryAttention _, LatentAttention _, CompressedAttention _ -> NoCache.INSTANCE;
      case GatedDeltaNet _, KimiDeltaAttention _, LightningAttention _ -> RecurrentCache.none();
    };
  }

  /** The keys and values of an attention layer. */
  public KeyValueCache layer(int index) {
    return (KeyValueCache) layers.get(index);
  }

  /** The keys by which the indexer of a sparse attention layer chooses. */
  public KeyValueCache indexKeys(int index) {
    return ((IndexedCache) layers.get(index)).indexKeys();
  }

  /** What a layer with compressed entries remembers. */
  public CompressedCache compressed(int index) {
    return (CompressedCache) layers.get(index);
  }

  /** The state of a linear attention layer. */
  public RecurrentCache recurrent(int index) {
    return (RecurrentCache) layers.get(index);
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
   * Forgets all positions from {@code end} on, in all layers or in none. With recurrent layers that
   * is possible only to the current position and to zero.
   *
   * @throws IllegalStateException if a layer has already dropped what would be needed
   */
  public void truncate(int end) {
    if (end < 0 || end > position) {
      throw new IllegalArgumentException(
          "truncate: expected a position in 0..%d, found %d".formatted(position, end));
    }
    for (int i = 0; i < layers.size(); i++) {
      if (!layers.get(i).canTruncate(end)) {
        throw new IllegalStateException(
            "truncate to %d: layer %d at position %d no longer holds what position %d needs"
                .formatted(end, i, position, end));
      }
    }
    layers.forEach(layer -> layer.truncate(end));
    position = end;
    reach = end == 0 ? 0 : reach;
  }

  /**
   * A position to come back to.
   *
   * @param position where the sequence stood
   * @param states copies of the recurrent layers' states, first layer to last
   */
  public record Checkpoint(int position, List<RecurrentCache> states) {}

  /** Notes the current position, and copies what no later state could be taken back to. */
  public Checkpoint checkpoint() {
    return new Checkpoint(position, recurrentLayers().stream().map(RecurrentCache::fork).toList());
  }

  /**
   * Forgets all positions since a checkpoint of this sequence, or of the one that it was forked
   * from, in all layers or in none. The checkpoint can be used again, unless the sequence has been
   * truncated below it: what came after that belongs to another past.
   *
   * @throws IllegalStateException if a sliding window has dropped positions that would be needed
   */
  public void restore(Checkpoint checkpoint) {
    int end = checkpoint.position();
    if (end > position) {
      throw new IllegalArgumentException(
          "restore: expected a checkpoint up to %d, found one at %d".formatted(position, end));
    }
    for (LayerCache layer : layers) {
      if (!(layer instanceof RecurrentCache) && !layer.canTruncate(end)) {
        throw new IllegalStateException(
            "restore to %d: a window no longer holds what that position needs".formatted(end));
      }
    }
    List<RecurrentCache> recurrent = recurrentLayers();
    for (int i = 0; i < recurrent.size(); i++) {
      recurrent.get(i).restore(checkpoint.states().get(i));
    }
    for (LayerCache layer : layers) {
      layer.truncate(end);
    }
    position = end;
  }

  private List<RecurrentCache> recurrentLayers() {
    return layers.stream()
        .filter(RecurrentCache.class::isInstance)
        .map(RecurrentCache.class::cast)
        .toList();
  }

  /** An independent copy, to continue one prompt in several ways. */
  public SequenceCache fork() {
    SequenceCache copy =
        new SequenceCache(layers.stream().map(LayerCache::fork).toList(), position);
    copy.reach = reach;
    copy.tokens = tokens.clone();
    return copy;
  }

  /** Bytes of memory held by all layers. */
  public long bytes() {
    return layers.stream().mapToLong(LayerCache::bytes).sum();
  }
}
