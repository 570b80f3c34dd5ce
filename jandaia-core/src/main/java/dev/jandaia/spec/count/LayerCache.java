package dev.jandaia.spec.count;

/**
 * What one layer remembers of the past.
 *
 * @param elementsPerToken elements stored for each remembered token, apart from its share of
 *     entries
 * @param maxTokens tokens remembered at most; {@link Long#MAX_VALUE} when there is no bound
 * @param stateElements elements of a state whose size does not depend on the context
 * @param convolutionElements elements of the inputs that convolutions look back at, also fixed
 * @param selectedElements elements per token, of elementsPerToken, that sparse attention reads for
 *     the tokens it chose alone
 * @param selectedTokens tokens that it chooses at most
 * @param entries what is stored in compressed form besides
 */
public record LayerCache(
    long elementsPerToken,
    long maxTokens,
    long stateElements,
    long convolutionElements,
    long selectedElements,
    long selectedTokens,
    Entries entries) {

  /**
   * Entries that stand for several tokens each, all of which are kept.
   *
   * @param rate tokens per entry
   * @param elements of an entry
   * @param selectedElements elements, of these, that are read of chosen entries alone
   * @param selected entries that are chosen at most
   */
  public record Entries(long rate, long elements, long selectedElements, long selected) {
    /** No entries. */
    public static final Entries NONE = new Entries(1, 0, 0, Long.MAX_VALUE);

    /** Elements of the entries of {@code context} tokens. */
    long elementsAt(long context) {
      return elements * (context / rate);
    }

    /** Elements of them that attention reads for one more token. */
    long elementsReadAt(long context) {
      return elementsAt(context) - selectedElements * Math.max(0, context / rate - selected);
    }
  }

  /** A cache that is read whole. */
  public LayerCache(
      long elementsPerToken, long maxTokens, long stateElements, long convolutionElements) {
    this(
        elementsPerToken,
        maxTokens,
        stateElements,
        convolutionElements,
        0,
        Long.MAX_VALUE,
        Entries.NONE);
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

  /**
   * Elements held after {@code context} tokens: fixed + perToken·min(context, maxTokens), and the
   * entries.
   */
  public long elementsAt(long context) {
    return fixedElements()
        + elementsPerToken * Math.min(context, maxTokens)
        + entries.elementsAt(context);
  }

  /** Elements a token adds while no window is full: its own, and its share of an entry. */
  public double meanElementsPerToken() {
    return elementsPerToken + (double) entries.elements() / entries.rate();
  }

  /** Elements a token adds once every window is full. */
  public double meanUnboundedElementsPerToken() {
    return meanElementsPerToken() - (maxTokens == Long.MAX_VALUE ? 0 : elementsPerToken);
  }

  /** This cache, where {@code elements} per token are read of {@code tokens} tokens at most. */
  LayerCache withSelection(long elements, long tokens) {
    return new LayerCache(
        elementsPerToken, maxTokens, stateElements, convolutionElements, elements, tokens, entries);
  }

  /** This cache with entries besides. */
  LayerCache withEntries(Entries compressed) {
    return new LayerCache(
        elementsPerToken,
        maxTokens,
        stateElements,
        convolutionElements,
        selectedElements,
        selectedTokens,
        compressed);
  }

  /** Elements that attention reads to add a token to {@code context} earlier ones. */
  public long elementsReadAt(long context) {
    long unread = Math.max(0, Math.min(context, maxTokens) - selectedTokens);
    return elementsAt(context)
        - entries.elementsAt(context)
        + entries.elementsReadAt(context)
        - selectedElements * unread;
  }

  /** Whether it grows with every token, without bound. */
  public boolean isGlobal() {
    return meanUnboundedElementsPerToken() > 0;
  }
}
