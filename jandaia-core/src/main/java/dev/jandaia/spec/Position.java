package dev.jandaia.spec;

/** How positions enter queries and keys. */
public sealed interface Position {
  Position NONE = new None();

  /** Throws if a head of {@code headDim} elements cannot carry this position. */
  void requireHeadDim(int headDim);

  /** No position in attention: NoPE layers, and models with learned position embeddings. */
  record None() implements Position {
    @Override
    public void requireHeadDim(int headDim) {}
  }

  /**
   * Rotary position embedding (2104.09864): pair i of the first {@code rotaryDim} elements of a
   * head is rotated by the angle position·f_i, f_i = theta^(−2i/rotaryDim), the frequencies then
   * changed by {@code scaling}.
   *
   * @param theta base of the frequencies
   * @param rotaryDim leading elements of a head that are rotated; the others carry no position
   * @param pairing which elements form a pair
   * @param scaling how frequencies are stretched for longer contexts
   */
  record Rotary(double theta, int rotaryDim, Pairing pairing, RopeScaling scaling)
      implements Position {
    public Rotary {
      Check.positive("rope.theta", theta);
      Check.even("rope.rotaryDim", Check.positive("rope.rotaryDim", rotaryDim));
      if (scaling instanceof RopeScaling.LongRope rule) {
        Check.size("rope.scaling.shortFactors", rule.shortFactors(), rotaryDim / 2);
        Check.size("rope.scaling.longFactors", rule.longFactors(), rotaryDim / 2);
      }
    }

    @Override
    public void requireHeadDim(int headDim) {
      Check.atMost("rope.rotaryDim", rotaryDim, "headDim", headDim);
    }
  }

  /** Which elements of a head RoPE rotates together. */
  enum Pairing {
    /** (i, i + rotaryDim/2), as in Hugging Face checkpoints. */
    HALVES,
    /** (2i, 2i + 1), as in the paper, Meta's and DeepSeek's checkpoints, and llama GGUF files. */
    NEIGHBOURS,
    /** (i + rotaryDim/2, i): as {@link #HALVES}, turned the other way (nanochat). */
    HALVES_REVERSED
  }
}
