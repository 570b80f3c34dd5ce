package dev.jandaia.spec.count;

import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.ModelSpec;
import java.util.List;

/**
 * How much a model remembers per sequence.
 *
 * @param layers the caches, first layer to last
 */
public record CacheCount(List<LayerCache> layers) {
  public CacheCount {
    layers = List.copyOf(layers);
  }

  /** Counts a model's caches. */
  public static CacheCount of(ModelSpec spec) {
    return new CacheCount(
        spec.blocks().stream()
            .map(block -> LayerCost.of(block, spec.hiddenSize()).cache())
            .toList());
  }

  /**
   * Elements per token and layer if latent attention cached the expanded keys and values of all
   * heads: H·(nope + rope + value).
   */
  public static long expandedElementsPerToken(LatentAttention attention) {
    return LatentCost.expandedElementsPerToken(attention);
  }

  /**
   * Elements a token adds while no window is full yet: Σ layers, elementsPerToken. Of an entry that
   * stands for several tokens each counts its share; the sum is rounded.
   */
  public long elementsPerToken() {
    return Math.round(layers.stream().mapToDouble(LayerCache::meanElementsPerToken).sum());
  }

  /** Elements a token adds once every window is full: the sum over layers without a bound. */
  public long elementsPerTokenOfGlobalLayers() {
    return Math.round(layers.stream().mapToDouble(LayerCache::meanUnboundedElementsPerToken).sum());
  }

  /** Elements whose number does not depend on the context: Σ layers, state + convolutions. */
  public long fixedElements() {
    return layers.stream().mapToLong(LayerCache::fixedElements).sum();
  }

  /** Elements held after {@code context} tokens. */
  public long elementsAt(long context) {
    return layers.stream().mapToLong(layer -> layer.elementsAt(context)).sum();
  }

  /** Elements that attention reads to add a token to {@code context} earlier ones. */
  public long elementsReadAt(long context) {
    return layers.stream().mapToLong(layer -> layer.elementsReadAt(context)).sum();
  }

  /** {@link #elementsPerToken} in bytes; 2 bytes per element for bf16, 0.5 for four bits. */
  public double bytesPerToken(double bytesPerElement) {
    return elementsPerToken() * bytesPerElement;
  }

  /** {@link #elementsAt} in bytes. */
  public double bytesAt(long context, double bytesPerElement) {
    return elementsAt(context) * bytesPerElement;
  }
}
