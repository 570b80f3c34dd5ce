package dev.jandaia.spec.count;

import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KeyValues;

/**
 * Grouped-query attention.
 *
 * <ul>
 *   <li>weights: queries and output C·H·D each, an output gate as much again, keys and values C·G·D
 *       each. Keys that serve as values save C·G·D, those of an earlier layer twice that.
 *   <li>per visible key: 2·H·D for the scores, 2·H·D for the weighted sum.
 *   <li>cache: K and V of G heads, 2·G·D elements per token, none for those of an earlier layer.
 * </ul>
 */
final class GroupedQueryCost {
  private GroupedQueryCost() {}

  static LayerCost of(GroupedQueryAttention attention, int hiddenSize) {
    long queryWidth = attention.queryWidth();
    long keyValueWidth = attention.keyValueWidth();
    long projections =
        switch (attention.keyValues()) {
          case KeyValues.Projected() -> 2;
          case KeyValues.KeysOnly() -> 1;
          case KeyValues.OfLayer(_) -> 0;
        };
    long flopsPerKey = 4 * queryWidth;
    return new LayerCost(
        hiddenSize * ((attention.outputGate() ? 3 : 2) * queryWidth + projections * keyValueWidth),
        flopsPerKey,
        flopsPerKey,
        attention.span(),
        new LayerCache(
            projections == 0 ? 0 : 2 * keyValueWidth, VisibleKeys.limit(attention.span()), 0));
  }
}
