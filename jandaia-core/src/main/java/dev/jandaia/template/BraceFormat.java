package dev.jandaia.template;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code '{} {0} {name.key[0]!r:>8}'.format(...)}. */
final class BraceFormat {
  private static final Pattern STEP = Pattern.compile("\\.([^.\\[]+)|\\[([^\\]]+)\\]");

  private final Context context;
  private final Str format;
  private final Arguments arguments;
  private final StringBuilder out = new StringBuilder();
  private int automatic;

  private BraceFormat(Context context, Str format, Arguments arguments) {
    this.context = context;
    this.format = format;
    this.arguments = arguments;
  }

  static Value apply(Context context, Str format, Arguments arguments) {
    BraceFormat run = new BraceFormat(context, format, arguments);
    run.expand(format.text(), run.out, 2);
    return context.str(run.out.toString(), format);
  }

  private void expand(String text, StringBuilder target, int depth) {
    if (depth < 0) {
      throw new TemplateError("Max string recursion exceeded");
    }
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c;
      if (c != '{' && c != '}') {
        target.append(c);
        at++;
      } else if (doubled) {
        target.append(c);
        at += 2;
      } else if (c == '}') {
        throw new TemplateError("Single '}' encountered in format string");
      } else {
        int end = fieldEnd(text, at + 1);
        String value = field(text.substring(at + 1, end), depth);
        context.budget().append(target.length(), value.length());
        target.append(value);
        at = end + 1;
      }
    }
  }

  private static int fieldEnd(String text, int start) {
    int open = 1;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      open += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
    throw new TemplateError("expected '}' before end of string");
  }

  private String field(String field, int depth) {
    int colon = separator(field, ':');
    int bang = separator(field.substring(0, colon), '!');
    Value value = lookup(field.substring(0, bang));
    if (bang < colon) {
      value = convert(value, field.substring(bang + 1, colon));
    }
    StringBuilder spec = new StringBuilder();
    expand(field.substring(Math.min(colon + 1, field.length())), spec, depth - 1);
    String text = FormatSpec.parse(spec.toString()).format(context, value);
    boolean safe = value instanceof Str str && str.markup();
    return format.markup() && !safe ? Markup.escape(text) : text;
  }

  private static int separator(String field, char separator) {
    boolean inBrackets = false;
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      inBrackets = c == '[' || inBrackets && c != ']';
      if (c == separator && !inBrackets) {
        return i;
      }
    }
    return field.length();
  }

  private Value convert(Value value, String conversion) {
    return switch (conversion) {
      case "s" -> Values.str(context, value);
      case "r" -> context.str(Repr.repr(value));
      case "a" -> context.str(Repr.ascii(value));
      default -> throw new TemplateError("Unknown conversion specifier " + conversion);
    };
  }

  private Value lookup(String name) {
    Matcher head = Pattern.compile("[^.\\[]*").matcher(name);
    int end = head.lookingAt() ? head.end() : 0;
    Value value = argument(name.substring(0, end));
    Matcher step = STEP.matcher(name);
    while (end < name.length()) {
      if (!step.region(end, name.length()).lookingAt()) {
        throw new TemplateError("Empty attribute in format string");
      }
      value = step(value, step);
      end = step.end();
    }
    return value;
  }

  private Value step(Value owner, Matcher step) {
    if (step.group(1) != null) {
      return Attributes.attribute(context, owner, step.group(1));
    }
    String key = step.group(2);
    boolean index = key.matches("[0-9]{1,9}");
    return Attributes.item(
        context, owner, index ? Value.Int.of(Integer.parseInt(key)) : new Str(key));
  }

  private Value argument(String name) {
    if (!name.isEmpty() && !name.matches("[0-9]{1,9}")) {
      Value value = arguments.named().get(name);
      if (value == null) {
        throw new TemplateError("format() has no argument " + Repr.quote(name));
      }
      return value;
    }
    int index = name.isEmpty() ? nextAutomatic() : explicit(Integer.parseInt(name));
    if (index >= arguments.positional().size()) {
      throw new TemplateError(
          "Replacement index %d out of range for positional args tuple".formatted(index));
    }
    return arguments.positional().get(index);
  }

  private int nextAutomatic() {
    if (automatic < 0) {
      throw mixed();
    }
    return automatic++;
  }

  private int explicit(int index) {
    if (automatic > 0) {
      throw mixed();
    }
    automatic = -1;
    return index;
  }

  private static TemplateError mixed() {
    return new TemplateError(
        "cannot switch between manual field specification and automatic field numbering");
  }
}
