package dev.jandaia.spec;

import java.util.List;

/**
 * Lightning attention of MiniMax-01 (2501.08313): linear attention whose memory decays at a fixed
 * rate per head. With q, k, v = act(W·x): S ← exp(−slope)·S + k·vᵀ, o = Sᵀq. Output: W_o ·
 * (σ(W_g·x) ⊙ norm(o)), the norm over all heads together.
 *
 * @param numHeads heads of queries, keys and values alike
 * @param headDim elements of a head
 * @param activation applied to queries, keys and values
 * @param slopes how fast each head forgets, per token; commonly smaller in later layers
 * @param norm of the outputs of all heads together
 */
public record LightningAttention(
    int numHeads, int headDim, Activation activation, List<Double> slopes, Norm norm)
    implements Mixer {

  public LightningAttention {
    Check.positive("lightning.numHeads", numHeads);
    Check.positive("lightning.headDim", headDim);
    slopes = List.copyOf(slopes);
    if (slopes.size() != numHeads) {
      throw new SpecException(
          "lightning.slopes: expected one per head, %d, found %d"
              .formatted(numHeads, slopes.size()));
    }
    slopes.forEach(slope -> Check.notNegative("lightning.slopes", slope));
  }

  /** Width of all heads together. */
  public int width() {
    return numHeads * headDim;
  }
}
