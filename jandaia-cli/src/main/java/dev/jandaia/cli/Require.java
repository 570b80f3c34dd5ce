package dev.jandaia.cli;

import dev.jandaia.tensor.JandaiaException;

/** Checks of what the user typed. */
final class Require {
  private Require() {}

  static int atLeast(String option, int least, int value) {
    if (value < least) {
      throw new JandaiaException(
          "%s: expected at least %d, found %d".formatted(option, least, value));
    }
    return value;
  }
}
