package dev.jandaia.spec.count;

import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.Span;

/**
 * Multi-head latent attention (2405.04434).
 *
 * <ul>
 *   <li>weights: queries C·r_q + r_q·H·(n + r), or C·H·(n + r) without a query latent; latent
 *       C·(d_c + r); up-projection d_c·H·(n + v); output H·v·C. Decoding absorbs the up-projection
 *       into query and output, where each of its elements still meets each token once.
 *   <li>per visible key, prompt: keys and values are expanded, 2·H·(n + r) + 2·H·v.
 *   <li>per visible key, decoding: in the latent space, 2·H·(d_c + r) + 2·H·d_c.
 *   <li>cache: latent and shared RoPE key, d_c + r elements per token, whatever H is.
 *   <li>an indexer of H_I heads of D_I: weights r_q·H_I·D_I + C·(D_I + H_I), 2·H_I·D_I per earlier
 *       key, and its key in the cache, D_I elements per token.
 * </ul>
 */
final class LatentCost {
  private LatentCost() {}

  static LayerCost of(LatentAttention attention, int hiddenSize) {
    long heads = attention.numHeads();
    long kvRank = attention.kvRank();
    return new LayerCost(
        weights(attention, hiddenSize) + indexerWeights(attention, hiddenSize),
        2 * heads * (2 * kvRank + attention.ropeDim()),
        2 * heads * (attention.queryKeyDim() + attention.valueDim()),
        attention.span(),
        cache(attention),
        0,
        attention.indexer().map(indexer -> 2L * indexer.numHeads() * indexer.headDim()).orElse(0L));
  }

  private static LayerCache cache(LatentAttention attention) {
    long indexKey = attention.indexer().map(indexer -> (long) indexer.headDim()).orElse(0L);
    LayerCache cache =
        new LayerCache(attention.cachedDim() + indexKey, VisibleKeys.limit(attention.span()), 0);
    return attention.span() instanceof Span.Sparse sparse
        ? cache.withSelection(attention.cachedDim(), sparse.topK())
        : cache;
  }

  private static long indexerWeights(LatentAttention attention, long hiddenSize) {
    return attention
        .indexer()
        .map(indexer -> {
          long queries = (long) indexer.numHeads() * indexer.headDim();
          return attention.queryRank() * queries
              + hiddenSize * (indexer.headDim() + indexer.numHeads());
        })
        .orElse(0L);
  }

  private static long weights(LatentAttention attention, long hiddenSize) {
    long heads = attention.numHeads();
    long queryRank = attention.queryRank();
    long queryWidth = heads * attention.queryKeyDim();
    long query = queryRank == 0 ? hiddenSize * queryWidth : (hiddenSize + queryWidth) * queryRank;
    long latent = hiddenSize * attention.cachedDim();
    long up = attention.kvRank() * heads * (attention.nopeDim() + attention.valueDim());
    return query + latent + up + heads * attention.valueDim() * hiddenSize;
  }

  /**
   * Elements per token if the expanded keys and values of all heads were cached instead: H·(n + r +
   * v).
   */
  static long expandedElementsPerToken(LatentAttention attention) {
    return (long) attention.numHeads() * (attention.queryKeyDim() + attention.valueDim());
  }
}
