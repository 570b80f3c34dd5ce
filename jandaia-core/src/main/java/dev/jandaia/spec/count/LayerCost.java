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
 * @param stateFlops multiply-adds (2 each) per token on a state of fixed size
 * @param indexFlopsPerKey multiply-adds (2 each) per earlier or own key, seen or not, to choose
 *     those that are seen
 * @param entries what is seen in compressed form besides
 */
public record LayerCost(
    long weights,
    long decodeFlopsPerKey,
    long promptFlopsPerKey,
    Span span,
    LayerCache cache,
    long stateFlops,
    long indexFlopsPerKey,
    EntryCost entries) {

  /** The cost of a layer without compressed entries. */
  public LayerCost(
      long weights,
      long decodeFlopsPerKey,
      long promptFlopsPerKey,
      Span span,
      LayerCache cache,
      long stateFlops,
      long indexFlopsPerKey) {
    this(
        weights,
        decodeFlopsPerKey,
        promptFlopsPerKey,
        span,
        cache,
        stateFlops,
        indexFlopsPerKey,
        EntryCost.NONE);
  }

  /** The cost of a layer that keeps no state of fixed size. */
  public LayerCost(
      long weights, long decodeFlopsPerKey, long promptFlopsPerKey, Span span, LayerCache cache) {
    this(weights, decodeFlopsPerKey, promptFlopsPerKey, span, cache, 0, 0);
  }

  /** The cost of linear attention: the same for every token, wherever it stands. */
  static LayerCost recurrent(long weights, LayerCache cache, long stateFlops) {
    return new LayerCost(weights, 0, 0, Span.FULL, cache, stateFlops, 0);
  }

  /** The cost of a layer in a model of width {@code hiddenSize}. */
  public static LayerCost of(BlockSpec block, int hiddenSize) {
    LayerCost mixer = MixerCost.of(block.mixer(), hiddenSize);
    long feedForward = FeedForwardCost.activeWeights(block.feedForward(), hiddenSize);
    return new LayerCost(
        mixer.weights + feedForward + ResidualCost.weights(block.residual(), hiddenSize),
        mixer.decodeFlopsPerKey,
        mixer.promptFlopsPerKey,
        mixer.span,
        mixer.cache,
        mixer.stateFlops,
        mixer.indexFlopsPerKey,
        mixer.entries);
  }

  /**
   * FLOPs for the token at {@code position}: 2·weights + state + flopsPerKey·visible keys +
   * indexFlopsPerKey·all keys, and what its entries ask for.
   */
  public long decodeFlops(long position) {
    return 2 * weights
        + stateFlops
        + decodeFlopsPerKey * VisibleKeys.at(span, position)
        + indexFlopsPerKey * (position + 1)
        + entries.flopsAt(position);
  }

  /**
   * FLOPs for a prompt of {@code tokens}: (2·weights + state)·T + flopsPerKey·Σ visible keys +
   * indexFlopsPerKey·T(T + 1)/2, and what entries ask for.
   */
  public long promptFlops(long tokens) {
    long attention =
        Math.addExact(
            Math.multiplyExact(promptFlopsPerKey, VisibleKeys.upTo(span, tokens)),
            Math.multiplyExact(indexFlopsPerKey, VisibleKeys.upTo(Span.FULL, tokens)));
    return Math.addExact(
        Math.multiplyExact(2 * weights + stateFlops, tokens),
        Math.addExact(attention, entries.flopsUpTo(tokens)));
  }
}
