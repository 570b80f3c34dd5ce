package dev.jandaia.template;

import dev.jandaia.template.Value.Bool;
import dev.jandaia.template.Value.Float;
import dev.jandaia.template.Value.Int;
import dev.jandaia.template.Value.Num;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Python's numbers: conversion, comparison, parsing and printing. */
final class Numbers {
  /** Integers beyond this many bits are refused. */
  static final int MAX_BITS = 8192;

  private static final Pattern FLOATING =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  private Numbers() {}

  static boolean isFloat(Num number) {
    return number instanceof Float;
  }

  /** The value of an integer or boolean. */
  static BigInteger integer(Num number) {
    return switch (number) {
      case Bool bool -> bool.value() ? BigInteger.ONE : BigInteger.ZERO;
      case Int integer -> integer.value();
      case Float floating -> throw new IllegalArgumentException("not an integer: " + floating);
    };
  }

  static double floating(Num number) {
    if (number instanceof Float floating) {
      return floating.value();
    }
    double value = integer(number).doubleValue();
    if (Double.isInfinite(value)) {
      throw new TemplateError("int too large to convert to float");
    }
    return value;
  }

  /** The value of an integer, clamped to a long. */
  static long saturated(Num number) {
    BigInteger value = integer(number);
    if (value.bitLength() > 63) {
      return value.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return value.longValue();
  }

  static Int checked(BigInteger value) {
    if (value.bitLength() > MAX_BITS) {
      throw new TemplateError("an integer of more than " + MAX_BITS + " bits");
    }
    return new Int(value);
  }

  static boolean equal(Num a, Num b) {
    return !isNan(a) && !isNan(b) && compare(a, b) == 0;
  }

  static boolean isNan(Num number) {
    return number instanceof Float(double value) && Double.isNaN(value);
  }

  /** Exact order of two numbers, neither of them NaN. */
  static int compare(Num a, Num b) {
    if (isFloat(a) && isFloat(b)) {
      double left = floating(a);
      double right = floating(b);
      return left < right ? -1 : left > right ? 1 : 0;
    }
    if (a instanceof Float(double value)) {
      return -compareExactly(integer(b), value);
    }
    return b instanceof Float(double value)
        ? compareExactly(integer(a), value)
        : integer(a).compareTo(integer(b));
  }

  private static int compareExactly(BigInteger a, double b) {
    return Double.isInfinite(b) ? (b > 0 ? -1 : 1) : new BigDecimal(a).compareTo(new BigDecimal(b));
  }

  /** Equal numbers hash alike, whatever their type. */
  static int hash(Num number) {
    if (!(number instanceof Float(double value))) {
      return integer(number).hashCode();
    }
    return Double.isFinite(value) && value == Math.rint(value)
        ? new BigDecimal(value).toBigInteger().hashCode()
        : Double.hashCode(value);
  }

  static String repr(Num number) {
    return switch (number) {
      case Bool bool -> bool.value() ? "True" : "False";
      case Int integer -> integer.value().toString();
      case Float floating -> repr(floating.value());
    };
  }

  /** The shortest decimal that reads back as {@code value}, written as Python does. */
  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = shortest(value);
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = shortest.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String digits = shortest.unscaledValue().abs().toString();
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + "e"
        + (exponent < 0 ? "-" : "+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  /** Java always prints two digits, so that 5e-324 becomes 4.9E-324. */
  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    BigDecimal oneDigit = decimal.round(new MathContext(1));
    return oneDigit.doubleValue() == value ? oneDigit : decimal;
  }

  /** Python's {@code int(text, base)}. */
  static Optional<Int> parseInt(String text, int base) {
    String digits = Characters.strip(text).toLowerCase(Locale.ROOT);
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    int radix = base;
    int prefixed =
        digits.startsWith("0x")
            ? 16
            : digits.startsWith("0o") ? 8 : digits.startsWith("0b") ? 2 : 0;
    if (prefixed != 0 && (base == 0 || base == prefixed)) {
      radix = prefixed;
      digits = digits.substring(digits.startsWith("_", 2) ? 3 : 2);
    } else if (base == 0) {
      radix = 10;
    }
    if (radix < 2 || radix > 36 || digits.length() > 2500) {
      return Optional.empty();
    }
    if (!digits.matches("[0-9a-z]+(_[0-9a-z]+)*+")
        || base == 0 && radix == 10 && digits.matches("0[0_]*[1-9].*")) {
      return Optional.empty();
    }
    try {
      BigInteger value = new BigInteger(digits.replace("_", ""), radix);
      return Optional.of(checked(negative ? value.negate() : value));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  static Optional<Double> parseFloat(String text) {
    String stripped = Characters.strip(text);
    if (stripped.length() > 2500) {
      return Optional.empty();
    }
    String plain = stripped.replaceAll("(?<=[0-9])_(?=[0-9])", "");
    if (FLOATING.matcher(plain).matches()) {
      return Optional.of(Double.parseDouble(plain));
    }
    return switch (stripped.toLowerCase(Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> Optional.of(Double.POSITIVE_INFINITY);
      case "-inf", "-infinity" -> Optional.of(Double.NEGATIVE_INFINITY);
      case "nan", "+nan", "-nan" -> Optional.of(Double.NaN);
      default -> Optional.empty();
    };
  }

  /** {@code int(value)} of a float: towards zero. */
  static Int truncate(double value) {
    if (Double.isNaN(value)) {
      throw new TemplateError("cannot convert float NaN to integer");
    }
    if (Double.isInfinite(value)) {
      throw new TemplateError("cannot convert float infinity to integer");
    }
    return new Int(new BigDecimal(value).toBigInteger());
  }

  /** Python's {@code round(value, digits)}: exact, ties to even. */
  static Num round(Num number, int digits) {
    if (number instanceof Float(double value)) {
      // A double has no digit beyond these places; the bound also keeps the scale small.
      if (!Double.isFinite(value) || digits > 330) {
        return number;
      }
      return new Float(
          digits < -330
              ? Math.copySign(0.0, value)
              : Math.copySign(
                  new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue(),
                  value));
    }
    BigInteger value = integer(number);
    if (digits >= 0) {
      return new Int(value);
    }
    return digits < -MAX_BITS
        ? Int.of(0)
        : new Int(
            new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toBigIntegerExact());
  }
}
