package dev.jandaia.spec;

import java.util.Optional;

/**
 * The attention of DeepSeek-V4. All heads share one vector per token that is both key and value, k
 * = RoPE(norm(W_k·x)); q_h = RoPE(norm(W_q,h·c)) from a normalised query latent c. A query sees the
 * last {@code window} tokens and, in the same softmax, what {@link Compression} has made of earlier
 * ones; each head has a learned sink, a logit without a value. Values were rotated with the keys,
 * so RoPE is undone on the outputs for the position of the query; what remains depends on distances
 * alone. Groups of heads then narrow their outputs before one projection mixes them.
 *
 * @param numHeads query heads, H
 * @param headDim elements of a query, key and value, D
 * @param queryRank width of the query latent
 * @param latentNorm norm of the query latent, and of the key
 * @param queryNorm norm of each query head
 * @param position how positions enter the <em>last</em> elements of queries and keys
 * @param window keys of single tokens that a query sees, its own included
 * @param scale factor on the scores, commonly 1/√D
 * @param outputGroups groups of neighbouring heads, each with a projection of its own
 * @param outputRank outputs of each group's projection
 * @param compression what is seen of tokens beyond the window; empty for nothing
 */
public record CompressedAttention(
    int numHeads,
    int headDim,
    int queryRank,
    Norm latentNorm,
    Norm queryNorm,
    Position position,
    int window,
    double scale,
    int outputGroups,
    int outputRank,
    Optional<Compression> compression)
    implements Mixer {

  public CompressedAttention {
    Check.positive("attention.numHeads", numHeads);
    Check.positive("attention.headDim", headDim);
    Check.positive("attention.queryRank", queryRank);
    position.requireHeadDim(headDim);
    Check.positive("attention.window", window);
    Check.positive("attention.scale", scale);
    Check.positive("attention.outputGroups", outputGroups);
    Check.divides("attention.outputGroups", outputGroups, "attention.numHeads", numHeads);
    Check.positive("attention.outputRank", outputRank);
  }

  /** What chooses among the entries of this layer, if anything does. */
  public Optional<Indexer> indexer() {
    return compression.flatMap(Compression::indexer);
  }

  /** Width of all queries together, H·D. */
  public int queryWidth() {
    return numHeads * headDim;
  }

  /** Inputs of a group's projection, H·D/groups. */
  public int groupWidth() {
    return queryWidth() / outputGroups;
  }
}
