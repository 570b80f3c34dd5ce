package dev.jandaia.family;

/** What a format stores in place of a value. */
public enum ValueChange {
  /** The value. */
  NONE,
  /** The whole gain of a norm whose weight is what exceeds 1. */
  PLUS_ONE,
  /** What exceeds 1 of a gain. */
  MINUS_ONE,
  /** The rate −eˣ of a decay whose logarithm is learned. */
  MINUS_EXP,
  /** The logarithm of a decay's rate. */
  LOG_OF_MINUS;

  /** The stored form of a value. */
  public float apply(float value) {
    return switch (this) {
      case NONE -> value;
      case PLUS_ONE -> value + 1;
      case MINUS_ONE -> value - 1;
      case MINUS_EXP -> (float) -Math.exp(value);
      case LOG_OF_MINUS -> (float) Math.log(-value);
    };
  }
}
