package dev.jandaia.cli;

/** Checks of what the user typed. */
final class Require {
  private Require() {}

  static int atLeast(String option, int least, int value) {
    if (value < least) {
      throw new UsageException(
          "%s: expected at least %d, found %d".formatted(option, least, value));
    }
    return value;
  }
}
