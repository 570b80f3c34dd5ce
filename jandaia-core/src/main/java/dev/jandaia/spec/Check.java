package dev.jandaia.spec;

import java.util.List;

/**
 * Validation for the constructors of spec records: a failure names the field, what was expected and
 * what was found.
 */
final class Check {
  private Check() {}

  static int positive(String field, int value) {
    if (value <= 0) {
      throw new SpecException(field + ": expected a positive number, found " + value);
    }
    return value;
  }

  static int atLeast(String field, int minimum, int value) {
    if (value < minimum) {
      throw new SpecException(field + ": expected at least " + minimum + ", found " + value);
    }
    return value;
  }

  static int atMost(String field, int value, String limitField, int limit) {
    if (value > limit) {
      throw new SpecException(
          field + ": expected at most " + limitField + " = " + limit + ", found " + value);
    }
    return value;
  }

  static double positive(String field, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new SpecException(field + ": expected a positive finite number, found " + value);
    }
    return value;
  }

  static double notNegative(String field, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new SpecException(field + ": expected a finite number >= 0, found " + value);
    }
    return value;
  }

  static int divides(String partField, int part, String wholeField, int whole) {
    if (whole % part != 0) {
      throw new SpecException(
          "%s = %d: expected a multiple of %s = %d".formatted(wholeField, whole, partField, part));
    }
    return part;
  }

  static void size(String field, List<?> values, int size) {
    if (values.size() != size) {
      throw new SpecException(
          "%s: expected %d values, found %d".formatted(field, size, values.size()));
    }
  }

  static int even(String field, int value) {
    if (value % 2 != 0) {
      throw new SpecException(field + ": expected an even number, found " + value);
    }
    return value;
  }
}
