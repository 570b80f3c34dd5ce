package dev.jandaia.generate.sample;

import dev.jandaia.tensor.JandaiaException;

/** Checks of sampler parameters; a failure names the parameter and its value. */
final class Require {
  private Require() {}

  static void within(String name, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new JandaiaException(
          "%s: expected a value in [%s, %s], found %s".formatted(name, low, high, value));
    }
  }

  static void finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new JandaiaException("%s: expected a finite value, found %s".formatted(name, value));
    }
  }

  static void atLeast(String name, int value, int low) {
    if (value < low) {
      throw new JandaiaException(
          "%s: expected a value of %d or more, found %d".formatted(name, low, value));
    }
  }
}
