package dev.jandaia.spec.count;

import dev.jandaia.spec.GroupedQueryAttention;

/**
 * Grouped-query attention.
 *
 * <ul>
 *   <li>weights: queries and output C·H·D each, an output gate as much again, keys and values C·G·D
 *       each.
 *   <li>per visible key: 2·H·D for the scores, 2·H·D for the weighted sum.
 *   <li>cache: K and V of G heads, 2·G·D elements per token.
 * </ul>
 */
final class GroupedQueryCost {
  private GroupedQueryCost() {}

  static LayerCost of(GroupedQueryAttention attention, int hiddenSize) {
    long queryWidth = attention.queryWidth();
    long keyValueWidth = attention.keyValueWidth();
    long flopsPerKey = 4 * queryWidth;
    return new LayerCost(
        hiddenSize * ((attention.outputGate() ? 3 : 2) * queryWidth + 2 * keyValueWidth),
        flopsPerKey,
        flopsPerKey,
        attention.span(),
        new LayerCache(2 * keyValueWidth, VisibleKeys.limit(attention.span()), 0));
  }
}
