package dev.jandaia.spec.count;

import dev.jandaia.spec.ModelSpec;

/**
 * The elements that must pass through memory to decode one token of one sequence: bytes over
 * bandwidth is the floor of the time per token.
 *
 * @param weights active parameters, of each input table one row: activeWithoutInputEmbedding + C (+
 *     L·P)
 * @param cache what attention reads, by context
 */
public record DecodeTraffic(long weights, CacheCount cache) {
  /** Counts a model's traffic. */
  public static DecodeTraffic of(ModelSpec spec) {
    ParameterCount parameters = ParameterCount.of(spec);
    long layerRow =
        spec.embedding().layers().map(table -> (long) table.size() * spec.numLayers()).orElse(0L);
    return new DecodeTraffic(
        parameters.activeWithoutInputEmbedding() + spec.hiddenSize() + layerRow,
        CacheCount.of(spec));
  }

  /**
   * Bytes for the token that follows {@code context} earlier ones: every active weight once, the
   * cache read once (of sparse layers what the indexer and the chosen tokens ask for), the new
   * token's entries and every state written.
   *
   * @param bytesPerWeight 2 for bf16, 34/32 for Q8_0, 18/32 for Q4_0
   * @param bytesPerCacheElement 2 for bf16
   */
  public double bytes(long context, double bytesPerWeight, double bytesPerCacheElement) {
    long cached = cache.elementsReadAt(context) + cache.elementsPerToken() + cache.fixedElements();
    return weights * bytesPerWeight + cached * bytesPerCacheElement;
  }
}
