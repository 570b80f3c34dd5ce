package dev.jandaia.atlas;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.DecodeTraffic;
import dev.jandaia.tensor.DType;

/**
 * Bytes that must pass through memory to decode one token of one sequence: every active weight
 * once, the cache read, what the token adds written, states read and written back.
 *
 * @param weights active weights, of the input table one row
 * @param size of the cache
 */
public record DecodeBytes(long weights, CacheSize size) {

  /** The bytes of a model. */
  public static DecodeBytes of(ModelSpec spec) {
    return new DecodeBytes(DecodeTraffic.of(spec).weights(), CacheSize.of(spec));
  }

  /** Bytes for the token that follows {@code context} earlier ones. */
  public double at(long context, DType type, CacheType cache) {
    return weights * perWeight(type) + cache(context, cache);
  }

  /** The part of the cache in {@link #at}. */
  public double cache(long context, CacheType cache) {
    return size.readAt(context, cache) + size.perToken(cache) + size.stateBytes();
  }

  /** Bytes of one weight, on average. */
  public static double perWeight(DType type) {
    return (double) type.blockBytes() / type.blockSize();
  }
}
