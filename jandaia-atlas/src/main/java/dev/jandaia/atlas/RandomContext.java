package dev.jandaia.atlas;

import dev.jandaia.cache.CacheType;
import dev.jandaia.cache.CompressedCache;
import dev.jandaia.cache.EntryCache;
import dev.jandaia.cache.KeyValueCache;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.Compression;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import java.util.Random;

/**
 * A sequence that remembers tokens which no model has read: keys and values of random numbers, in
 * an instant where reading a prompt takes minutes. For measurements: what attention costs does not
 * depend on what it finds.
 */
public final class RandomContext {
  private static final int ROWS = 64;

  private RandomContext() {}

  /** A sequence of {@code length} tokens. */
  public static SequenceCache of(ModelSpec spec, CacheType type, int length) {
    SequenceCache cache = SequenceCache.of(spec, type);
    Random random = new Random(1);
    for (int i = 0; i < spec.numLayers(); i++) {
      fill(cache, i, spec.blocks().get(i).mixer(), length, random);
    }
    cache.advance(length);
    return cache;
  }

  private static void fill(SequenceCache cache, int layer, Mixer mixer, int length, Random random) {
    switch (mixer) {
      case GroupedQueryAttention a -> {
        if (!(a.keyValues() instanceof KeyValues.OfLayer)) {
          fill(cache.layer(layer), a.keyValueWidth(), length, random);
        }
      }
      case LatentAttention a -> {
        fill(cache.layer(layer), a.cachedDim(), length, random);
        if (a.indexer().isPresent()) {
          fill(cache.indexKeys(layer), a.indexer().get().headDim(), length, random);
        }
      }
      case CompressedAttention a when a.compression().isPresent() ->
          fill(cache.compressed(layer), a.headDim(), a.compression().get(), length, random);
      case CompressedAttention a -> fill(cache.layer(layer), a.headDim(), length, random);
      case GatedDeltaNet _, KimiDeltaAttention _, LightningAttention _ ->
          cache.recurrent(layer).advance(length);
    }
  }

  private static void fill(
      CompressedCache cache, int dim, Compression compression, int length, Random random) {
    fill(cache.window(), dim, length, random);
    fill(cache.compressed(), dim, compression, length, random);
    compression
        .indexer()
        .ifPresent(own -> fill(cache.index(), own.headDim(), compression, length, random));
  }

  private static void fill(
      EntryCache cache, int dim, Compression compression, int length, Random random) {
    fill(cache.rows(), 2 * compression.width(dim), length, random);
    fill(cache.entries(), dim, length / compression.rate(), random);
  }

  private static void fill(KeyValueCache cache, int width, int length, Random random) {
    float[] rows = new float[ROWS * width];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    for (int done = 0; done < length; done += ROWS) {
      cache.append(rows, 0, width, rows, 0, width, Math.min(ROWS, length - done));
    }
  }
}
