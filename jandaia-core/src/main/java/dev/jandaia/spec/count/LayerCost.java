package dev.jandaia.spec.count;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Span;

/**
 * What one layer asks for each token.
 *
 * @param weights elements of the matrices a token is multiplied with
 * @param decodeFlopsPerKey multiply-adds (2 each) per visible key when one token is added to a
 *     cache
 * @param promptFlopsPerKey the same when a whole prompt is processed at once
 * @param span which keys are visible
 * @param cache what the layer remembers
 */
public record LayerCost(
    long weights, long decodeFlopsPerKey, long promptFlopsPerKey, Span span, LayerCache cache) {

  /** The cost of a layer in a model of width {@code hiddenSize}. */
  public static LayerCost of(BlockSpec block, int hiddenSize) {
    LayerCost mixer = MixerCost.of(block.mixer(), hiddenSize);
    long feedForward = FeedForwardCost.activeWeights(block.feedForward(), hiddenSize);
    return new LayerCost(
        mixer.weights + feedForward,
        mixer.decodeFlopsPerKey,
        mixer.promptFlopsPerKey,
        mixer.span,
        mixer.cache);
  }

  /** FLOPs for the token at {@code position}: 2·weights + flopsPerKey·visible keys. */
  public long decodeFlops(long position) {
    return 2 * weights + decodeFlopsPerKey * VisibleKeys.at(span, position);
  }

  /** FLOPs for a prompt of {@code tokens}: 2·weights·T + flopsPerKey·Σ visible keys. */
  public long promptFlops(long tokens) {
    return Math.addExact(
        Math.multiplyExact(2 * weights, tokens),
        Math.multiplyExact(promptFlopsPerKey, VisibleKeys.upTo(span, tokens)));
  }
}
