package dev.jandaia.spec;

/**
 * Kimi Delta Attention (2510.26692): {@link GatedDeltaNet} whose memory decays channel by channel.
 * α is a vector per head, one factor for each element of the key, computed through a low-rank
 * projection, as is the output gate, which is a sigmoid.
 *
 * <p>With q, k, v = act(convolution(W·x)) and q and k of unit length: S ← diag(α)·S, S ← S +
 * k·(β·(v − Sᵀk))ᵀ, o = Sᵀq/√headDim, where β = σ(W_β·x) and α = exp(−exp(a_h)·softplus(W_α2·W_α1·x
 * + b)). Output: W_o · (norm(o) ⊙ σ(W_g2·W_g1·x)). Both ranks are headDim.
 *
 * @param numHeads heads of queries, keys and values alike
 * @param headDim elements of a head
 * @param convolution tokens that the causal convolution of each channel sees, its own included
 * @param activation applied after the convolution
 * @param norm of each head's output
 */
public record KimiDeltaAttention(
    int numHeads, int headDim, int convolution, Activation activation, Norm norm) implements Mixer {

  public KimiDeltaAttention {
    Check.positive("kimiDelta.numHeads", numHeads);
    Check.positive("kimiDelta.headDim", headDim);
    Check.positive("kimiDelta.convolution", convolution);
  }

  /** Width of all queries, all keys or all values together. */
  public int width() {
    return numHeads * headDim;
  }
}
