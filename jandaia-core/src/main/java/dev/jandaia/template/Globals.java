package dev.jandaia.template;

import dev.jandaia.template.Value.Dict;
import dev.jandaia.template.Value.Num;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template can call. */
final class Globals {
  static final Map<String, Value> ALL =
      Map.of(
          "range", new Function("range", Globals::range),
          "dict", new Function("dict", Globals::dict),
          "namespace", new Function("namespace", Globals::namespace),
          "cycler",
              new Function("cycler", (context, arguments) -> new Cycler(arguments.positional())),
          "joiner", new Function("joiner", Globals::joiner),
          "raise_exception", new Function("raise_exception", Globals::raiseException),
          "strftime_now", new Function("strftime_now", Globals::now));

  private Globals() {}

  private static Value range(Context context, Arguments arguments) {
    List<Value> bounds = arguments.positional();
    if (bounds.isEmpty() || bounds.size() > 3 || !arguments.named().isEmpty()) {
      throw new TemplateError("range expects 1 to 3 positional arguments");
    }
    long first = integer(bounds.getFirst());
    return switch (bounds.size()) {
      case 1 -> Range.of(0, first, 1);
      case 2 -> Range.of(first, integer(bounds.get(1)), 1);
      default -> Range.of(first, integer(bounds.get(1)), integer(bounds.get(2)));
    };
  }

  private static long integer(Value value) {
    Values.index(value);
    // Far from the ends of a long, so that a range can step past its end.
    return Math.clamp(Numbers.saturated((Num) value), -1L << 52, 1L << 52);
  }

  private static Dict dict(Context context, Arguments arguments) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    Value source =
        new Arguments(arguments.positional(), Map.of())
            .bind("dict", "source")
            .get(0, new Dict(Map.of()));
    if (source instanceof Value.Undefined undefined) {
      throw undefined.error();
    }
    if (source instanceof Dict dict) {
      entries.putAll(dict.entries());
    } else {
      for (Value pair : Values.collect(context, source)) {
        List<Value> keyAndValue = Values.collect(context, pair);
        if (keyAndValue.size() != 2) {
          throw new TemplateError(
              "dictionary update sequence element has length %d; 2 is required"
                  .formatted(keyAndValue.size()));
        }
        entries.put(Values.hashable(context, keyAndValue.getFirst()), keyAndValue.getLast());
      }
    }
    arguments.named().forEach((name, value) -> entries.put(new Str(name), value));
    return context.dict(entries);
  }

  private static Value namespace(Context context, Arguments arguments) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    dict(context, arguments)
        .entries()
        .forEach((name, value) -> attributes.put(Repr.str(name), value));
    return new Namespace(attributes);
  }

  private static Value joiner(Context context, Arguments arguments) {
    return new Joiner(arguments.bind("joiner", "sep").get(0, new Str(", ")));
  }

  private static Value raiseException(Context context, Arguments arguments) {
    throw TemplateError.refusal(Repr.str(arguments.bind("raise_exception", "message").get(0)));
  }

  private static Value now(Context context, Arguments arguments) {
    String format = arguments.bind("strftime_now", "format").text(0);
    context.budget().text(16L * format.length());
    return context.str(Strftime.format(ZonedDateTime.now(context.clock()), format));
  }
}
