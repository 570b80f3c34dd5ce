package dev.jandaia.spec.count;

/**
 * What one layer remembers of the past.
 *
 * @param elementsPerToken elements stored for each remembered token
 * @param maxTokens tokens remembered at most; {@link Long#MAX_VALUE} when there is no bound
 * @param stateElements elements of a state whose size does not depend on the context
 */
public record LayerCache(long elementsPerToken, long maxTokens, long stateElements) {
  /** Elements held after {@code context} tokens: state + perToken·min(context, maxTokens). */
  public long elementsAt(long context) {
    return stateElements + elementsPerToken * Math.min(context, maxTokens);
  }

  /** Whether it grows with every token, without bound. */
  public boolean isGlobal() {
    return maxTokens == Long.MAX_VALUE && elementsPerToken > 0;
  }
}
