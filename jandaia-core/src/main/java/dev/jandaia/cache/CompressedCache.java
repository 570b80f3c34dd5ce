package dev.jandaia.cache;

import dev.jandaia.spec.Compression;
import dev.jandaia.spec.Indexer;
import java.util.Optional;

/**
 * What attention with compressed entries remembers (DeepSeek-V4): the keys of a window of single
 * positions, entries for all that is complete, and where an indexer chooses among them its entries
 * too. All of it goes back as far as the rings of single positions still reach.
 */
public final class CompressedCache implements LayerCache {
  private final KeyValueCache window;
  private final EntryCache compressed;
  private final Optional<EntryCache> index;

  private CompressedCache(KeyValueCache window, EntryCache compressed, Optional<EntryCache> index) {
    this.window = window;
    this.compressed = compressed;
    this.index = index;
  }

  static CompressedCache of(
      int dim, KeyValueCache window, Compression compression, CacheType type) {
    CacheType indexType = CacheType.unrotated(type);
    return new CompressedCache(
        window,
        EntryCache.of(compression, dim, type),
        compression
            .indexer()
            .map(Indexer::headDim)
            .map(own -> EntryCache.of(compression, own, indexType)));
  }

  /** Remembers nothing, for a sequence that is seen whole. */
  static CompressedCache none(Compression compression) {
    return new CompressedCache(
        NoCache.INSTANCE,
        EntryCache.none(compression),
        compression.indexer().map(_ -> EntryCache.none(compression)));
  }

  /** The latest positions, each by itself; one head whose value is the key. */
  public KeyValueCache window() {
    return window;
  }

  /** What stands for all complete windows of positions. */
  public EntryCache compressed() {
    return compressed;
  }

  /** What an indexer chooses by; it must have one. */
  public EntryCache index() {
    return index.orElseThrow();
  }

  @Override
  public int end() {
    return window.end();
  }

  @Override
  public boolean canTruncate(int end) {
    return window.canTruncate(end)
        && compressed.canTruncate(end)
        && (index.isEmpty() || index.get().canTruncate(end));
  }

  @Override
  public void truncate(int end) {
    window.truncate(end);
    compressed.truncate(end);
    index.ifPresent(own -> own.truncate(end));
  }

  @Override
  public CompressedCache fork() {
    return new CompressedCache(window.fork(), compressed.fork(), index.map(EntryCache::fork));
  }

  @Override
  public long bytes() {
    return window.bytes() + compressed.bytes() + index.map(EntryCache::bytes).orElse(0L);
  }
}
