package dev.jandaia.spec;

/**
 * The lightning indexer of sparse attention (2512.02556): small heads that judge which keys deserve
 * attention. With queries q_h = RoPE(W_q·c) from the query latent c, one key k = RoPE(norm(W_k·x))
 * per token and head weights w = W_w·x, the query at t rates the key at s with I_{t,s} = H^−½·Σ_h
 * w_{t,h}·relu(D^−½·q_{t,h}·k_s). No gradient passes through the choice.
 *
 * @param numHeads heads, H
 * @param headDim elements of a query head and of the key, D
 * @param keyNorm norm of the keys before RoPE
 * @param position how positions enter queries and keys
 */
public record Indexer(int numHeads, int headDim, Norm keyNorm, Position position) {
  public Indexer {
    Check.positive("indexer.numHeads", numHeads);
    Check.positive("indexer.headDim", headDim);
    position.requireHeadDim(headDim);
  }
}
