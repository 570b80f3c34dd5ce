package dev.jandaia.spec;

/**
 * Softmax attention whose query heads share key/value heads in groups (2305.13245). Multi-head
 * attention is the case numKvHeads = numHeads, multi-query attention the case numKvHeads = 1.
 *
 * <p>For query head h and key/value head g = ⌊h·numKvHeads/numHeads⌋: o_h = Σ_s
 * softmax_s(softCap(scale·q_h·k_g,s) + mask)·v_g,s.
 *
 * @param numHeads query heads, H
 * @param numKvHeads key/value heads, G; divides numHeads
 * @param headDim elements per head, D
 * @param inputBias whether the query, key and value projections have a bias
 * @param outputBias whether the output projection has a bias
 * @param qkNorm normalisation of queries and keys before RoPE
 * @param position how positions enter queries and keys
 * @param span which keys a query may see
 * @param scale factor on the scores, commonly 1/√D
 * @param scoreSoftCap c of the soft cap c·tanh(z/c) on the scaled scores (Gemma 2); 0 for none
 * @param sinks whether each head has a learned sink logit that takes part in the softmax and
 *     carries no value (gpt-oss)
 */
public record GroupedQueryAttention(
    int numHeads,
    int numKvHeads,
    int headDim,
    boolean inputBias,
    boolean outputBias,
    QkNorm qkNorm,
    Position position,
    Span span,
    double scale,
    double scoreSoftCap,
    boolean sinks)
    implements Mixer {

  public GroupedQueryAttention {
    Check.positive("attention.numHeads", numHeads);
    Check.positive("attention.numKvHeads", numKvHeads);
    Check.divides("attention.numKvHeads", numKvHeads, "attention.numHeads", numHeads);
    Check.positive("attention.headDim", headDim);
    Check.positive("attention.scale", scale);
    Check.notNegative("attention.scoreSoftCap", scoreSoftCap);
    position.requireHeadDim(headDim);
  }

  /** Width of all queries together, H·D. */
  public int queryWidth() {
    return numHeads * headDim;
  }

  /** Width of all keys (or all values) together, G·D. */
  public int keyValueWidth() {
    return numKvHeads * headDim;
  }
}
