package dev.jandaia.spec;

/** How the gate g and the linear path u of a gated unit meet. */
public sealed interface Gating {
  /** SwiGLU: silu(g)·u. */
  Gating SWIGLU = new Plain(Activation.SILU);

  /** activation(g)·u. */
  record Plain(Activation activation) implements Gating {}

  /**
   * activation(g')·u, g' = max(0, g − (μ + z·σ)), μ and σ the mean and the standard deviation over
   * the gate's elements, Φ(z) = sparsity (Gemma 3n): the share {@code sparsity} of a normally
   * distributed gate becomes zero.
   *
   * @param sparsity between 0 and 1
   */
  record GaussianSparse(Activation activation, double sparsity) implements Gating {
    public GaussianSparse {
      if (!(sparsity > 0 && sparsity < 1)) {
        throw new SpecException(
            "gating.sparsity: expected a number between 0 and 1, found " + sparsity);
      }
    }
  }

  /**
   * activation(min(g, limit))·clamp(u, ±limit): DeepSeek-V4.
   *
   * @param limit upper bound of the gate, and of the linear path on both sides
   */
  record Bounded(Activation activation, double limit) implements Gating {
    public Bounded {
      Check.positive("gating.limit", limit);
    }
  }

  /**
   * gpt-oss (2508.10925): (clamp(u, ±limit) + 1)·g'·σ(alpha·g'), g' = min(g, limit).
   *
   * @param alpha steepness of the sigmoid, 1.702
   * @param limit bound of both inputs, 7
   */
  record Clamped(double alpha, double limit) implements Gating {
    public Clamped {
      Check.positive("gating.alpha", alpha);
      Check.positive("gating.limit", limit);
    }
  }
}
