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

  /** The change that takes this one back. */
  public ValueChange inverse() {
    return switch (this) {
      case NONE -> NONE;
      case PLUS_ONE -> MINUS_ONE;
      case MINUS_ONE -> PLUS_ONE;
      case MINUS_EXP -> LOG_OF_MINUS;
      case LOG_OF_MINUS -> MINUS_EXP;
    };
  }

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
