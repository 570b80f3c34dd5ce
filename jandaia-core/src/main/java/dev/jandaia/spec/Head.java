package dev.jandaia.spec;

/**
 * From the normalised residual stream to logits: {@code logits = softCap(scale·W·x)}, softCap(z) =
 * c·tanh(z/c).
 *
 * @param tied whether W is the token embedding table
 * @param scale factor on the logits (Cohere multiplies; Granite's divisor enters as its inverse)
 * @param softCap c of the soft cap (Gemma 2); 0 for none
 */
public record Head(boolean tied, double scale, double softCap) {
  public static final Head TIED = new Head(true, 1, 0);
  public static final Head UNTIED = new Head(false, 1, 0);

  public Head {
    Check.positive("head.scale", scale);
    Check.notNegative("head.softCap", softCap);
  }

  /** The plain head, tied or not. */
  public static Head of(boolean tied) {
    return tied ? TIED : UNTIED;
  }
}
