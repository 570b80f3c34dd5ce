package dev.jandaia.spec;

import java.util.Optional;

/**
 * Multi-head latent attention, MLA (2405.04434): keys and values of all heads are linear images of
 * one small latent per token, and only that latent and one shared RoPE key are cached.
 *
 * <p>c = norm(W_DKV·x) [kvRank], k_h = [W_UK,h·c ; RoPE(W_KR·x)], v_h = W_UV,h·c, and q_h = [q_nope
 * ; RoPE(q_rope)] from x directly or through a normalised latent of its own.
 *
 * @param numHeads heads, H
 * @param queryRank width of the query latent; 0 when queries are projected directly
 * @param kvRank width of the cached latent, d_c
 * @param nopeDim query/key elements per head without position
 * @param ropeDim query/key elements with RoPE; the key part is shared by all heads
 * @param valueDim value elements per head
 * @param inputBias whether the down projections (and the direct query projection's absence of one)
 *     carry a bias
 * @param outputBias whether the output projection has a bias
 * @param latentNorm norm of both latents
 * @param position how positions enter the rope part
 * @param span which keys a query may see
 * @param scale factor on the scores, commonly (nopeDim + ropeDim)^−½, times YaRN's mscale²
 * @param temperature how queries are sharpened with their position
 */
public record LatentAttention(
    int numHeads,
    int queryRank,
    int kvRank,
    int nopeDim,
    int ropeDim,
    int valueDim,
    boolean inputBias,
    boolean outputBias,
    Norm latentNorm,
    Position position,
    Span span,
    double scale,
    Temperature temperature)
    implements Mixer {

  public LatentAttention {
    Check.positive("attention.numHeads", numHeads);
    Check.atLeast("attention.queryRank", 0, queryRank);
    Check.positive("attention.kvRank", kvRank);
    Check.positive("attention.nopeDim", nopeDim);
    Check.atLeast("attention.ropeDim", 0, ropeDim);
    Check.positive("attention.valueDim", valueDim);
    Check.positive("attention.scale", scale);
    position.requireHeadDim(ropeDim);
    if (span instanceof Span.Sparse sparse && sparse.indexer().isPresent()) {
      // An indexer reads the query latent.
      Check.positive("attention.queryRank", queryRank);
    }
  }

  /** Latent attention whose queries have no temperature. */
  public LatentAttention(
      int numHeads,
      int queryRank,
      int kvRank,
      int nopeDim,
      int ropeDim,
      int valueDim,
      boolean inputBias,
      boolean outputBias,
      Norm latentNorm,
      Position position,
      Span span,
      double scale) {
    this(
        numHeads,
        queryRank,
        kvRank,
        nopeDim,
        ropeDim,
        valueDim,
        inputBias,
        outputBias,
        latentNorm,
        position,
        span,
        scale,
        Temperature.NONE);
  }

  /** What chooses the keys of this layer, if it has its own. */
  public Optional<Indexer> indexer() {
    return span instanceof Span.Sparse sparse ? sparse.indexer() : Optional.empty();
  }

  /** Elements of one query or key head. */
  public int queryKeyDim() {
    return nopeDim + ropeDim;
  }

  /** Elements cached per token: latent and shared RoPE key. */
  public int cachedDim() {
    return kvRank + ropeDim;
  }
}
