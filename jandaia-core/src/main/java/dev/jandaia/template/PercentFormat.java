package dev.jandaia.template;

import dev.jandaia.template.Value.Dict;
import dev.jandaia.template.Value.Float;
import dev.jandaia.template.Value.ListValue;
import dev.jandaia.template.Value.Num;
import dev.jandaia.template.Value.Tuple;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code '%s has %05.2f' % (a, b)} and {@code '%(name)s' % mapping}. */
final class PercentFormat {
  private static final Pattern SPEC =
      Pattern.compile(
          "%(?:\\(([^)]*)\\))?([-+ #0]*)(\\*|[0-9]{0,8})(?:\\.(\\*|[0-9]{0,8}))?[hlL]?(.)",
          Pattern.DOTALL);

  private final Context context;
  private final Value argument;
  private final List<Value> positional;
  private final boolean markup;
  private final StringBuilder out = new StringBuilder();
  private int used;

  private PercentFormat(Context context, boolean markup, Value argument) {
    this.context = context;
    this.markup = markup;
    this.argument = argument;
    this.positional = argument instanceof Tuple tuple ? tuple.items() : List.of(argument);
  }

  static Value apply(Context context, Str format, Value argument) {
    PercentFormat run = new PercentFormat(context, format.markup(), argument);
    run.expand(format.text());
    return context.str(run.out.toString(), format);
  }

  private void expand(String format) {
    int at = 0;
    Matcher spec = SPEC.matcher(format);
    for (int percent = format.indexOf('%'); percent >= 0; percent = format.indexOf('%', at)) {
      append(format.substring(at, percent));
      if (!spec.region(percent, format.length()).lookingAt()) {
        throw new TemplateError("incomplete format");
      }
      append(convert(spec));
      at = spec.end();
    }
    append(format.substring(at));
    if (used < positional.size() && !isSubscriptable()) {
      throw new TemplateError("not all arguments converted during string formatting");
    }
  }

  /** Python takes anything with items for a mapping, and a mapping may have unused ones. */
  private boolean isSubscriptable() {
    return switch (argument) {
      case Dict _, ListValue _, Range _, Value.Undefined _ -> true;
      default -> false;
    };
  }

  private void append(String text) {
    context.budget().append(out.length(), text.length());
    out.append(text);
  }

  private Value next() {
    if (used >= positional.size()) {
      throw new TemplateError("not enough arguments for format string");
    }
    return positional.get(used++);
  }

  private Value named(String name) {
    if (!(argument instanceof Dict mapping)) {
      throw new TemplateError("format requires a mapping");
    }
    used = positional.size();
    Value value = mapping.entries().get(new Str(name));
    if (value == null) {
      throw new TemplateError("KeyError: " + Repr.quote(name));
    }
    return value;
  }

  private String convert(Matcher spec) {
    char type = spec.group(5).charAt(0);
    String flags = spec.group(2);
    int width = count(spec.group(3), 0);
    int precision = spec.group(4) == null ? -1 : count(spec.group(4), 0);
    if (type == '%') {
      return "%";
    }
    Value value = spec.group(1) == null ? next() : named(spec.group(1));
    return switch (type) {
      case 's', 'r', 'a' -> text(flags, width, precision, escaped(convert(type, value)));
      case 'c' -> text(flags, width, -1, character(value));
      case 'd', 'i', 'u' -> pad(flags, width, digits(truncated(value), 10, precision));
      case 'x', 'X', 'o' -> pad(flags, width, based(value, type, flags, precision));
      case 'f', 'F', 'e', 'E', 'g', 'G' ->
          pad(
              flags,
              width,
              FormatSpec.floating(
                  floating(value), type, precision < 0 ? 6 : precision, flags.contains("#")));
      default -> throw new TemplateError("unsupported format character '" + type + "'");
    };
  }

  private int count(String text, int absent) {
    if (text.equals("*")) {
      return Math.clamp(Values.index(next()), 0, 100_000_000);
    }
    return text.isEmpty() ? absent : Integer.parseInt(text);
  }

  private Value convert(char type, Value value) {
    return switch (type) {
      case 'r' -> new Str(Repr.repr(value));
      case 'a' -> new Str(Repr.ascii(value));
      default -> value instanceof Str ? value : new Str(Repr.str(value));
    };
  }

  private String escaped(Value text) {
    return Markup.partOf(markup, (Str) text);
  }

  @SuppressWarnings("OrphanedFormatString") // Python's own words
  private static String character(Value value) {
    if (value instanceof Str str && str.length() == 1) {
      return str.text();
    }
    if (value instanceof Num number && !Numbers.isFloat(number)) {
      return FormatSpec.character(Numbers.integer(number));
    }
    throw new TemplateError("%c requires int or char");
  }

  private static TemplateError notANumber(Value value) {
    return value instanceof Value.Undefined undefined
        ? undefined.error()
        : new TemplateError("a real number is required, not " + Values.typeName(value));
  }

  private static BigInteger truncated(Value value) {
    return switch (value) {
      case Float(double number) -> Numbers.truncate(number).value();
      case Num number -> Numbers.integer(number);
      default -> throw notANumber(value);
    };
  }

  private static double floating(Value value) {
    if (value instanceof Num number) {
      return Numbers.floating(number);
    }
    throw notANumber(value);
  }

  private String based(Value value, char type, String flags, int precision) {
    if (!(value instanceof Num number) || Numbers.isFloat(number)) {
      throw new TemplateError(
          "%%%c format: an integer is required, not %s".formatted(type, Values.typeName(value)));
    }
    String digits = digits(Numbers.integer(number), type == 'o' ? 8 : 16, precision);
    boolean negative = digits.startsWith("-");
    String magnitude = negative ? digits.substring(1) : digits;
    String prefix = flags.contains("#") ? "0" + type : "";
    String text = type == 'X' ? Characters.upper(magnitude) : magnitude;
    return (negative ? "-" : "") + prefix + text;
  }

  private String digits(BigInteger value, int radix, int precision) {
    String magnitude = value.abs().toString(radix);
    int zeros = Math.max(0, precision - magnitude.length());
    context.budget().text(zeros);
    return (value.signum() < 0 ? "-" : "") + "0".repeat(zeros) + magnitude;
  }

  private String text(String flags, int width, int precision, String text) {
    int length = text.codePointCount(0, text.length());
    boolean cut = precision >= 0 && precision < length;
    String shown = cut ? text.substring(0, text.offsetByCodePoints(0, precision)) : text;
    String spaces = spaces(width - (cut ? precision : length), " ");
    return flags.contains("-") ? shown + spaces : spaces + shown;
  }

  private String spaces(int count, String filler) {
    context.budget().text(Math.max(0, count));
    return filler.repeat(Math.max(0, count));
  }

  /** Signs and pads a number: zeros go between the sign and the digits. */
  private String pad(String flags, int width, String number) {
    boolean negative = number.startsWith("-");
    String sign = negative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
    String magnitude = negative ? number.substring(1) : number;
    int missing = width - sign.length() - magnitude.length();
    if (flags.contains("-")) {
      return sign + magnitude + spaces(missing, " ");
    }
    boolean zeros = flags.contains("0");
    return zeros
        ? sign + spaces(missing, "0") + magnitude
        : spaces(missing, " ") + sign + magnitude;
  }
}
