package dev.jandaia.spec;

/** Normalisation of a vector over its last axis. */
public sealed interface Norm {
  Norm NONE = new None();

  /** No normalisation. */
  record None() implements Norm {}

  /**
   * RMSNorm (1910.07467): y = x / √(mean(x²) + epsilon) · gain.
   *
   * @param epsilon added to the mean square
   * @param gain how the stored weight w becomes the gain
   */
  record Rms(double epsilon, Gain gain) implements Norm {
    public Rms {
      Check.notNegative("norm.epsilon", epsilon);
    }

    /** RMSNorm with its weight as the gain, as most families have it. */
    public static Rms of(double epsilon) {
      return new Rms(epsilon, Gain.WEIGHT);
    }
  }

  /**
   * LayerNorm (1607.06450): y = (x − mean(x)) / √(var(x) + epsilon) · w (+ b).
   *
   * @param epsilon added to the variance
   * @param bias whether b exists
   */
  record Layer(double epsilon, boolean bias) implements Norm {
    public Layer {
      Check.notNegative("norm.epsilon", epsilon);
    }
  }

  /** What multiplies a normalised vector. */
  enum Gain {
    /** The stored weight w. */
    WEIGHT,
    /**
     * 1 + w: weights that are zero-centred, so that weight decay pulls to the identity (Gemma,
     * Qwen3-Next).
     */
    ONE_PLUS_WEIGHT,
    /** Nothing: the norm has no weight. */
    NONE
  }
}
