package dev.jandaia.template;

import dev.jandaia.template.Value.Float;
import dev.jandaia.template.Value.Int;
import dev.jandaia.template.Value.ListValue;
import dev.jandaia.template.Value.Num;
import dev.jandaia.template.Value.Tuple;
import dev.jandaia.template.Value.Undefined;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's arithmetic: numbers of any type, and {@code + * %} of strings and sequences. */
final class Operators {

  /** A binary operator and its spelling. */
  enum Binary {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    FLOOR_DIVIDE("//"),
    MODULO("%"),
    POWER("**");

    private final String symbol;

    Binary(String symbol) {
      this.symbol = symbol;
    }

    String symbol() {
      return symbol;
    }
  }

  private Operators() {}

  static Value apply(Context context, Binary operator, Value left, Value right) {
    if (left instanceof Str format && operator == Binary.MODULO) {
      return PercentFormat.apply(context, format, right);
    }
    if (left instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (left instanceof Num a && right instanceof Num b) {
      return arithmetic(operator, a, b);
    }
    return switch (operator) {
      case ADD -> concatenate(context, left, right);
      case MULTIPLY -> repeat(context, left, right);
      default -> throw unsupported(operator.symbol(), left, right);
    };
  }

  private static TemplateError unsupported(String operator, Value left, Value right) {
    return new TemplateError(
        "unsupported operand type(s) for %s: '%s' and '%s'"
            .formatted(operator, Values.typeName(left), Values.typeName(right)));
  }

  private static Value arithmetic(Binary operator, Num a, Num b) {
    if (operator == Binary.DIVIDE) {
      return new Float(Numbers.floating(a) / nonZero(Numbers.floating(b)));
    }
    if (Numbers.isFloat(a) || Numbers.isFloat(b)) {
      return new Float(onFloats(operator, Numbers.floating(a), Numbers.floating(b)));
    }
    return onIntegers(operator, Numbers.integer(a), Numbers.integer(b));
  }

  private static double onFloats(Binary operator, double a, double b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / nonZero(b);
      case FLOOR_DIVIDE -> floorDivide(a, nonZero(b));
      case MODULO -> floorModulo(a, nonZero(b));
      case POWER -> power(a, b);
    };
  }

  private static double nonZero(double divisor) {
    if (divisor == 0) {
      throw new TemplateError("division by zero");
    }
    return divisor;
  }

  /** The remainder has the sign of the divisor. */
  private static double floorModulo(double a, double b) {
    double remainder = a % b;
    if (remainder == 0) {
      return Math.copySign(0.0, b);
    }
    return (remainder < 0) == (b < 0) ? remainder : remainder + b;
  }

  private static double floorDivide(double a, double b) {
    double quotient = (a - floorModulo(a, b)) / b;
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : quotient == 0 ? Math.copySign(0.0, a / b) : floor;
  }

  private static double power(double base, double exponent) {
    if (base == 0 && exponent < 0) {
      throw new TemplateError("0.0 cannot be raised to a negative power");
    }
    if (base < 0 && Double.isFinite(exponent) && exponent != Math.rint(exponent)) {
      throw new TemplateError("complex numbers are not supported");
    }
    double power = base == 1 ? 1 : Math.pow(base, exponent);
    if (Double.isInfinite(power) && Double.isFinite(base) && Double.isFinite(exponent)) {
      throw new TemplateError("Numerical result out of range");
    }
    return power;
  }

  private static Value onIntegers(Binary operator, BigInteger a, BigInteger b) {
    return switch (operator) {
      case ADD -> Numbers.checked(a.add(b));
      case SUBTRACT -> Numbers.checked(a.subtract(b));
      case MULTIPLY -> Numbers.checked(a.multiply(b));
      case FLOOR_DIVIDE -> new Int(floorDivide(a, b));
      case MODULO -> new Int(a.subtract(floorDivide(a, b).multiply(b)));
      case POWER -> power(a, b);
      case DIVIDE -> throw new IllegalStateException("true division is done on floats");
    };
  }

  private static BigInteger floorDivide(BigInteger a, BigInteger b) {
    if (b.signum() == 0) {
      throw new TemplateError("integer division or modulo by zero");
    }
    BigInteger[] parts = a.divideAndRemainder(b);
    boolean below = parts[1].signum() != 0 && parts[1].signum() != b.signum();
    return below ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  private static Value power(BigInteger base, BigInteger exponent) {
    if (exponent.signum() < 0) {
      return new Float(power(base.doubleValue(), exponent.doubleValue()));
    }
    if (base.bitLength() <= 1 && base.signum() >= 0) {
      return exponent.signum() == 0 ? Int.of(1) : new Int(base);
    }
    if (exponent.bitLength() > 16
        || (long) exponent.intValue() * (base.bitLength() - 1L) > Numbers.MAX_BITS) {
      throw new TemplateError("an integer of more than " + Numbers.MAX_BITS + " bits");
    }
    return Numbers.checked(base.pow(exponent.intValue()));
  }

  private static Value concatenate(Context context, Value left, Value right) {
    if (left instanceof Str a && right instanceof Str b) {
      return Markup.concatenate(context, a, b);
    }
    if (left instanceof ListValue a && right instanceof ListValue b) {
      return context.list(joined(context, a.items(), b.items()));
    }
    if (left instanceof Tuple a && right instanceof Tuple b) {
      return new Tuple(joined(context, a.items(), b.items()));
    }
    switch (left) {
      case Str _, ListValue _, Tuple _ ->
          throw new TemplateError(
              "can only concatenate %s (not \"%s\") to %1$s"
                  .formatted(Values.typeName(left), Values.typeName(right)));
      default -> throw unsupported("+", left, right);
    }
  }

  private static List<Value> joined(Context context, List<Value> a, List<Value> b) {
    context.budget().elements(a.size() + b.size());
    List<Value> items = new ArrayList<>(a.size() + b.size());
    items.addAll(a);
    items.addAll(b);
    return items;
  }

  private static Value repeat(Context context, Value left, Value right) {
    boolean numberFirst = left instanceof Num;
    Value sequence = numberFirst ? right : left;
    Value count = numberFirst ? left : right;
    if (!(count instanceof Num) || count instanceof Float) {
      throw switch (sequence) {
        case Str _, ListValue _, Tuple _ ->
            new TemplateError(
                "can't multiply sequence by non-int of type '%s'"
                    .formatted(Values.typeName(count)));
        default -> unsupported("*", left, right);
      };
    }
    int times = Math.max(0, Values.index(count));
    return switch (sequence) {
      case Str str -> {
        context.budget().text((long) str.text().length() * times);
        yield new Str(str.text().isEmpty() ? "" : str.text().repeat(times), str.markup());
      }
      case ListValue list -> context.list(repeated(context, list.items(), times));
      case Tuple tuple -> new Tuple(repeated(context, tuple.items(), times));
      default -> throw unsupported("*", left, right);
    };
  }

  private static List<Value> repeated(Context context, List<Value> items, int times) {
    context.budget().elements((long) items.size() * times);
    return items.isEmpty()
        ? items
        : Collections.nCopies(times, items).stream().flatMap(List::stream).toList();
  }

  static Value negate(Value value) {
    return switch (value) {
      case Float(double number) -> new Float(-number);
      case Num number -> new Int(Numbers.integer(number).negate());
      case Undefined undefined -> throw undefined.error();
      default -> throw badUnary("-", value);
    };
  }

  static Value plus(Value value) {
    return switch (value) {
      case Float number -> number;
      case Num number -> new Int(Numbers.integer(number));
      case Undefined undefined -> throw undefined.error();
      default -> throw badUnary("+", value);
    };
  }

  private static TemplateError badUnary(String operator, Value value) {
    return new TemplateError(
        "bad operand type for unary %s: '%s'".formatted(operator, Values.typeName(value)));
  }
}
