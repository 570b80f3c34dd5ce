package dev.jandaia.spec;

import java.util.Optional;

/**
 * From token ids to the residual stream: {@code x = scale·E[id] (+ P[position])}, then a norm.
 *
 * @param scale factor on the token embedding: 1, or √C in the Gemma family
 * @param learnedPositions rows of a learned position table that is added (GPT-2); 0 for none
 * @param norm applied to the sum; {@link Norm.None} in most families
 * @param layers vectors that each layer gets besides; empty in most families
 */
public record Embedding(
    double scale, int learnedPositions, Norm norm, Optional<LayerEmbedding> layers) {
  public static final Embedding PLAIN = new Embedding(1, 0, Norm.NONE);

  public Embedding {
    Check.positive("embedding.scale", scale);
    Check.atLeast("embedding.learnedPositions", 0, learnedPositions);
  }

  /** An embedding without vectors for the layers. */
  public Embedding(double scale, int learnedPositions, Norm norm) {
    this(scale, learnedPositions, norm, Optional.empty());
  }
}
