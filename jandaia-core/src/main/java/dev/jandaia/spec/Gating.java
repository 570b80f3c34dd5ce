package dev.jandaia.spec;

/** How the gate g and the linear path u of a gated unit meet, element by element. */
public sealed interface Gating {
  /** SwiGLU: silu(g)·u. */
  Gating SWIGLU = new Plain(Activation.SILU);

  /** activation(g)·u. */
  record Plain(Activation activation) implements Gating {}

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
