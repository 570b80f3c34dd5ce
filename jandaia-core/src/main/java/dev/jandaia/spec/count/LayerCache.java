package dev.jandaia.spec.count;

/**
 * What one layer remembers of the past.
 *
 * @param elementsPerToken elements stored for each remembered token
 * @param maxTokens tokens remembered at most; {@link Long#MAX_VALUE} when there is no bound
 * @param stateElements elements of a state whose size does not depend on the context
 * @param convolutionElements elements of the inputs that convolutions look back at, also fixed
 * @param selectedElements elements per token, of elementsPerToken, that sparse attention reads for
 *     the tokens it chose alone
 * @param selectedTokens tokens that it chooses at most
 */
public record LayerCache(
    long elementsPerToken,
    long maxTokens,
    long stateElements,
    long convolutionElements,
    long selectedElements,
    long selectedTokens) {

  /** A cache that is read whole. */
  public LayerCache(
      long elementsPerToken, long maxTokens, long stateElements, long convolutionElements) {
    this(elementsPerToken, maxTokens, stateElements, convolutionElements, 0, Long.MAX_VALUE);
  }

  /** A cache of a layer without convolutions. */
  public LayerCache(long elementsPerToken, long maxTokens, long stateElements) {
    this(elementsPerToken, maxTokens, stateElements, 0);
  }

  /** The cache of a linear attention layer: a state that every token changes, and nothing else. */
  static LayerCache recurrent(long stateElements, long convolutionElements) {
    return new LayerCache(0, Long.MAX_VALUE, stateElements, convolutionElements);
  }

  /** Elements that are there from the start and rewritten by every token. */
  public long fixedElements() {
    return stateElements + convolutionElements;
  }

  /** Elements held after {@code context} tokens: fixed + perToken·min(context, maxTokens). */
  public long elementsAt(long context) {
    return fixedElements() + elementsPerToken * Math.min(context, maxTokens);
  }

  /** This cache, where {@code elements} per token are read of {@code tokens} tokens at most. */
  LayerCache withSelection(long elements, long tokens) {
    return new LayerCache(
        elementsPerToken, maxTokens, stateElements, convolutionElements, elements, tokens);
  }

  /** Elements that attention reads to add a token to {@code context} earlier ones. */
  public long elementsReadAt(long context) {
    long unread = Math.max(0, Math.min(context, maxTokens) - selectedTokens);
    return elementsAt(context) - selectedElements * unread;
  }

  /** Whether it grows with every token, without bound. */
  public boolean isGlobal() {
    return maxTokens == Long.MAX_VALUE && elementsPerToken > 0;
  }
}
