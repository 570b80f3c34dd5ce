package dev.jandaia.template;

import dev.jandaia.template.Filters.Filter;
import dev.jandaia.template.Value.Float;
import dev.jandaia.template.Value.Int;
import dev.jandaia.template.Value.Num;
import dev.jandaia.template.Value.Undefined;
import java.util.Map;
import java.util.Optional;

/** Filters that make numbers. */
final class NumberFilters {
  static final Map<String, Filter> ALL =
      Map.of(
          "int", NumberFilters::toInt,
          "float", NumberFilters::toFloat,
          "abs", NumberFilters::abs,
          "round", NumberFilters::round,
          "filesizeformat", NumberFilters::fileSize);

  private NumberFilters() {}

  private static Value toInt(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("int", "default", "base");
    Value absent = bound.get(0, Int.of(0));
    return switch (subject) {
      case Float(double value) when Double.isNaN(value) -> absent;
      case Float(double value) -> Numbers.truncate(value);
      case Num number -> new Int(Numbers.integer(number));
      case Str str -> parse(str.text(), bound.integer(1, 10)).orElse(absent);
      case Undefined undefined -> throw undefined.error();
      default -> absent;
    };
  }

  /** An integer, or the whole part of a number: {@code "42.23"|int} is 42. */
  private static Optional<Value> parse(String text, int base) {
    Optional<Int> integer = Numbers.parseInt(text, base);
    if (integer.isPresent()) {
      return Optional.of(integer.get());
    }
    return Numbers.parseFloat(text).filter(Double::isFinite).map(Numbers::truncate);
  }

  private static Value toFloat(Context context, Value subject, Arguments arguments) {
    Value absent = arguments.bind("float", "default").get(0, new Float(0));
    return switch (subject) {
      case Num number -> new Float(Numbers.floating(number));
      case Str str -> Numbers.parseFloat(str.text()).<Value>map(Float::new).orElse(absent);
      case Undefined undefined -> throw undefined.error();
      default -> absent;
    };
  }

  private static Num number(String filter, Value value) {
    return switch (value) {
      case Num number -> number;
      case Undefined undefined -> throw undefined.error();
      default ->
          throw new TemplateError(
              "%s needs a number, not %s".formatted(filter, Values.typeName(value)));
    };
  }

  private static Value abs(Context context, Value subject, Arguments arguments) {
    arguments.bind("abs");
    Num number = number("abs", subject);
    return number instanceof Float(double value)
        ? new Float(Math.abs(value))
        : new Int(Numbers.integer(number).abs());
  }

  private static Value round(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("round", "precision", "method");
    Num number = number("round", subject);
    int precision = bound.integer(0, 0);
    double scale = Math.pow(10, precision);
    return switch (bound.text(1, "common")) {
      case "common" -> Numbers.round(number, precision);
      case "ceil" -> new Float(Math.ceil(Numbers.floating(number) * scale) / scale);
      case "floor" -> new Float(Math.floor(Numbers.floating(number) * scale) / scale);
      default -> throw new TemplateError("method must be common, ceil or floor");
    };
  }

  private static Value fileSize(Context context, Value subject, Arguments arguments) {
    boolean binary = arguments.bind("filesizeformat", "binary").truth(0, false);
    double bytes =
        subject instanceof Str str
            ? Numbers.parseFloat(str.text())
                .orElseThrow(() -> new TemplateError("could not convert string to float"))
            : Numbers.floating(number("filesizeformat", subject));
    int base = binary ? 1024 : 1000;
    if (bytes == 1) {
      return new Str("1 Byte");
    }
    if (bytes < base) {
      return new Str(Numbers.truncate(bytes).value() + " Bytes");
    }
    String prefixes = binary ? "KMGTPEZY" : "kMGTPEZY";
    int power = 0;
    while (power < 7 && bytes >= Math.pow(base, power + 2)) {
      power++;
    }
    String amount = FormatSpec.floating(base * bytes / Math.pow(base, power + 2), 'f', 1, false);
    return new Str(amount + " " + prefixes.charAt(power) + (binary ? "iB" : "B"));
  }
}
