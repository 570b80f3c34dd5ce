package dev.jandaia.spec;

/** Normalisation of queries and keys (2302.05442), before RoPE unless a variant says otherwise. */
public sealed interface QkNorm {
  QkNorm NONE = new None();

  /** Queries and keys as projected. */
  record None() implements QkNorm {}

  /** One norm of width D, shared by all heads, for queries and one for keys: Qwen3, Gemma 3. */
  record PerHead(Norm norm) implements QkNorm {}

  /** One norm over the whole projection, all heads together: OLMo 2. */
  record Whole(Norm norm) implements QkNorm {}

  /** As {@link PerHead}, but after RoPE: nanochat, Llama 4. */
  record Rotated(Norm norm) implements QkNorm {}

  /**
   * Each query and key divided by its length (2010.04245): scores are cosines times the attention's
   * scale.
   *
   * @param learnedScale whether a learned factor g, 1 at first, multiplies that scale
   */
  record UnitLength(boolean learnedScale) implements QkNorm {}
}
