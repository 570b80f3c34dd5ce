package dev.jandaia.spec;

/**
 * Gated DeltaNet (2412.06464): linear attention with one matrix of memory per head. Each token
 * decays the memory, corrects what it holds under the token's key, and reads it with the token's
 * query, so that the memory does not grow with the context.
 *
 * <p>With q, k, v = act(convolution(W·x)), q and k of unit length, and value head h reading key
 * head ⌊h·numKeyHeads/numValueHeads⌋: S ← α·S, S ← S + k·(β·(v − Sᵀk))ᵀ, o = Sᵀq/√keyDim, where β =
 * σ(W_β·x), α = exp(−exp(a)·softplus(W_α·x + b)), and a and b are learned per head. Output: W_o ·
 * (norm(o) ⊙ silu(W_g·x)).
 *
 * @param numKeyHeads heads of queries and keys; divides numValueHeads
 * @param numValueHeads heads of values, each with a memory of its own
 * @param keyDim elements of a query or key head
 * @param valueDim elements of a value head
 * @param convolution tokens that the causal convolution of each channel sees, its own included
 * @param activation applied after the convolution
 * @param norm of each head's output
 */
public record GatedDeltaNet(
    int numKeyHeads,
    int numValueHeads,
    int keyDim,
    int valueDim,
    int convolution,
    Activation activation,
    Norm norm)
    implements Mixer {

  public GatedDeltaNet {
    Check.positive("deltaNet.numKeyHeads", numKeyHeads);
    Check.positive("deltaNet.numValueHeads", numValueHeads);
    Check.divides("deltaNet.numKeyHeads", numKeyHeads, "deltaNet.numValueHeads", numValueHeads);
    Check.positive("deltaNet.keyDim", keyDim);
    Check.positive("deltaNet.valueDim", valueDim);
    Check.positive("deltaNet.convolution", convolution);
  }

  /** Width of all queries (or all keys) together. */
  public int keyWidth() {
    return numKeyHeads * keyDim;
  }

  /** Width of all values together. */
  public int valueWidth() {
    return numValueHeads * valueDim;
  }
}
