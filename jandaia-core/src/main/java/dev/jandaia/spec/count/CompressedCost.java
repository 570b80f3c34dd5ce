package dev.jandaia.spec.count;

import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.Compression;
import dev.jandaia.spec.Indexer;
import dev.jandaia.spec.Span;

/**
 * DeepSeek-V4's attention.
 *
 * <ul>
 *   <li>weights: queries C·r_q + r_q·H·D, the key C·D, output H·D·r_o + g·r_o·C; of entries of D
 *       elements value and gate, C·D each, twice that with overlap; of an indexer r_q·H_I·D_I +
 *       C·H_I and its entries likewise.
 *   <li>per visible key or entry: 2·H·D for the scores, 2·H·D for the weighted sum; to choose among
 *       entries 2·H_I·D_I for each.
 *   <li>cache: D elements for each token of the window, D (+ D_I) for each entry, and values and
 *       gates of the tokens whose entries are still to come.
 * </ul>
 */
final class CompressedCost {
  private CompressedCost() {}

  static LayerCost of(CompressedAttention attention, long hiddenSize) {
    long flopsPerKey = 4L * attention.queryWidth();
    return new LayerCost(
        weights(attention, hiddenSize),
        flopsPerKey,
        flopsPerKey,
        new Span.Sliding(attention.window()),
        cache(attention),
        0,
        0,
        attention.compression().map(c -> entries(c, flopsPerKey)).orElse(EntryCost.NONE));
  }

  private static EntryCost entries(Compression compression, long flopsPerEntry) {
    return new EntryCost(
        compression.rate(),
        flopsPerEntry,
        compression.indexer().isPresent() ? compression.topK() : Long.MAX_VALUE,
        compression.indexer().map(i -> 2L * i.numHeads() * i.headDim()).orElse(0L));
  }

  private static long weights(CompressedAttention attention, long hiddenSize) {
    long queries = attention.queryRank() * (hiddenSize + attention.queryWidth());
    long key = hiddenSize * attention.headDim();
    long outputs =
        (long) attention.outputRank()
            * (attention.queryWidth() + attention.outputGroups() * hiddenSize);
    return queries
        + key
        + outputs
        + attention.compression().map(c -> weights(attention, c, hiddenSize)).orElse(0L);
  }

  private static long weights(
      CompressedAttention attention, Compression compression, long hiddenSize) {
    long entries = 2 * hiddenSize * compression.width(attention.headDim());
    return entries
        + compression
            .indexer()
            .map(indexer ->
                (long) attention.queryRank() * indexer.numHeads() * indexer.headDim()
                    + hiddenSize * indexer.numHeads()
                    + 2 * hiddenSize * compression.width(indexer.headDim()))
            .orElse(0L);
  }

  private static LayerCache cache(CompressedAttention attention) {
    int dim = attention.headDim();
    if (attention.compression().isEmpty()) {
      return new LayerCache(dim, attention.window(), 0);
    }
    Compression compression = attention.compression().get();
    int indexDim = compression.indexer().map(Indexer::headDim).orElse(0);
    long waiting = 2L * (compression.width(dim) + compression.width(indexDim));
    LayerCache.Entries entries =
        new LayerCache.Entries(
            compression.rate(),
            dim + indexDim,
            dim,
            compression.topK() == 0 ? Long.MAX_VALUE : compression.topK());
    return new LayerCache(dim, attention.window(), waiting * (compression.slots() - 1))
        .withEntries(entries);
  }
}
