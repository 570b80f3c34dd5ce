package dev.jandaia.template;

import dev.jandaia.template.Filters.Filter;
import dev.jandaia.template.Value.Dict;
import dev.jandaia.template.Value.Int;
import dev.jandaia.template.Value.None;
import dev.jandaia.template.Value.Num;
import dev.jandaia.template.Value.Tuple;
import dev.jandaia.template.Value.Undefined;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Filters that make text of anything. */
final class TextFilters {
  static final Map<String, Filter> ALL =
      Map.ofEntries(
          Map.entry("upper", mapping("upper", Characters::upper)),
          Map.entry("lower", mapping("lower", Characters::lower)),
          Map.entry("capitalize", mapping("capitalize", Characters::capitalize)),
          Map.entry("title", mapping("title", TextFilters::title)),
          Map.entry("string", (context, subject, arguments) -> soft(context, subject)),
          Map.entry("safe", TextFilters::safe),
          Map.entry("escape", TextFilters::escape),
          Map.entry("e", TextFilters::escape),
          Map.entry("forceescape", TextFilters::forceEscape),
          Map.entry("trim", TextFilters::trim),
          Map.entry("replace", TextFilters::replace),
          Map.entry("indent", TextFilters::indent),
          Map.entry("center", TextFilters::center),
          Map.entry("truncate", TextFilters::truncate),
          Map.entry("wordcount", TextFilters::wordCount),
          Map.entry("format", TextFilters::format),
          Map.entry("urlencode", TextFilters::urlEncode),
          Map.entry("xmlattr", TextFilters::xmlAttributes));

  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

  private TextFilters() {}

  /** The text of any value; markup stays markup. */
  private static Str soft(Context context, Value value) {
    return value instanceof Str str ? str : context.str(Repr.str(value));
  }

  private static Filter mapping(String name, UnaryOperator<String> change) {
    return (context, subject, arguments) -> {
      arguments.bind(name);
      Str text = soft(context, subject);
      return context.str(change.apply(text.text()), text);
    };
  }

  /** Unlike {@code str.title}, words start only after spaces, hyphens and opening brackets. */
  private static String title(String text) {
    StringBuilder titled = new StringBuilder(text.length());
    boolean startsWord = true;
    for (int c : text.codePoints().toArray()) {
      String character = Character.toString(c);
      boolean separates = c == '-' || "({[<".indexOf(c) >= 0 || Characters.isSpace(c);
      titled.append(
          separates
              ? character
              : startsWord ? Characters.upper(character) : Characters.lower(character));
      startsWord = separates;
    }
    return titled.toString();
  }

  private static Value safe(Context context, Value subject, Arguments arguments) {
    arguments.bind("safe");
    return context.markup(Repr.str(subject));
  }

  private static Value escape(Context context, Value subject, Arguments arguments) {
    arguments.bind("escape");
    return context.markup(Markup.escaped(subject));
  }

  private static Value forceEscape(Context context, Value subject, Arguments arguments) {
    arguments.bind("forceescape");
    return context.markup(Markup.escape(Repr.str(subject)));
  }

  private static Value trim(Context context, Value subject, Arguments arguments) {
    Value characters = arguments.bind("trim", "chars").get(0, None.NONE);
    return StringMethods.strip(context, soft(context, subject), characters, true, true);
  }

  private static Value replace(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    int count = bound.isSet(2) ? bound.integer(2) : -1;
    return StringMethods.replace(
        context, new Str(Repr.str(subject)), Repr.str(bound.get(0)), Repr.str(bound.get(1)), count);
  }

  private static Value indent(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("indent", "width", "first", "blank");
    if (!(subject instanceof Str text)) {
      throw subject instanceof Undefined undefined
          ? undefined.error()
          : new TemplateError("indent needs a string, not " + Values.typeName(subject));
    }
    String indentation = indentation(context, bound.get(0, Int.of(4)));
    boolean blank = bound.truth(2, false);
    context.budget().elements(4 * text.text().chars().filter(Characters::isLineBreak).count());
    List<String> lines = Characters.splitLines(text.text() + "\n", false);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean indented = i == 0 ? bound.truth(1, false) : blank || !line.isEmpty();
      String prefix = (i == 0 ? "" : "\n") + (indented ? indentation : "");
      context.budget().append(out.length(), prefix.length() + line.length());
      out.append(prefix).append(line);
    }
    return new Str(out.toString(), text.markup());
  }

  private static String indentation(Context context, Value width) {
    if (width instanceof Str str) {
      return str.text();
    }
    int spaces = Math.max(0, Values.index(width));
    context.budget().text(spaces);
    return " ".repeat(spaces);
  }

  private static Value center(Context context, Value subject, Arguments arguments) {
    Value width = arguments.bind("center", "width").get(0, Int.of(80));
    return StringMethods.center(
        context,
        soft(context, subject),
        Arguments.of(List.of(width)).bind("center", "width", "fillchar"));
  }

  private static Value truncate(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("truncate", "length", "killwords", "end", "leeway");
    int length = bound.integer(0, 255);
    Str end = new Str(bound.text(2, "..."));
    int leeway = bound.isSet(3) ? bound.integer(3) : 5;
    if (length < end.length() || leeway < 0) {
      throw new TemplateError("expected length >= %d, got %d".formatted(end.length(), length));
    }
    if (Values.length(subject) <= (long) length + leeway) {
      return subject;
    }
    if (!(subject instanceof Str text)) {
      throw new TemplateError("truncate needs a string, not " + Values.typeName(subject));
    }
    String cut = text.slice(0, length - end.length());
    int lastSpace = bound.truth(1, false) ? -1 : cut.lastIndexOf(' ');
    return context.str((lastSpace < 0 ? cut : cut.substring(0, lastSpace)) + end.text(), text);
  }

  private static Value wordCount(Context context, Value subject, Arguments arguments) {
    arguments.bind("wordcount");
    String text = Repr.str(subject);
    context.budget().steps(text.length() / 8);
    return Int.of(WORD.matcher(text).results().count());
  }

  private static Value format(Context context, Value subject, Arguments arguments) {
    if (!arguments.named().isEmpty() && !arguments.positional().isEmpty()) {
      throw new TemplateError("can't handle positional and keyword arguments at the same time");
    }
    Map<Value, Value> named = new LinkedHashMap<>();
    arguments.named().forEach((name, value) -> named.put(new Str(name), value));
    Value values = named.isEmpty() ? new Tuple(arguments.positional()) : context.dict(named);
    return PercentFormat.apply(context, soft(context, subject), values);
  }

  private static Value urlEncode(Context context, Value subject, Arguments arguments) {
    arguments.bind("urlencode");
    if (subject instanceof Str || !Values.isIterable(subject)) {
      return context.str(quote(Repr.str(subject)).replace("%2F", "/"));
    }
    List<Value> pairs =
        subject instanceof Dict dict
            ? Value.DictView.pairs(dict)
            : Values.collect(context, subject);
    StringJoiner query = new StringJoiner("&");
    for (Value pair : pairs) {
      List<Value> parts = Values.collect(context, pair);
      if (parts.size() != 2) {
        throw new TemplateError("urlencode needs pairs of a name and a value");
      }
      query.add(
          parts.stream()
              .map(part -> quote(Repr.str(part)).replace("%20", "+"))
              .collect(Collectors.joining("=")));
    }
    return context.str(query.toString());
  }

  /** Percent-encodes all but letters, digits and {@code _.-~}. */
  private static String quote(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static Value xmlAttributes(Context context, Value subject, Arguments arguments) {
    boolean space = arguments.bind("xmlattr", "autospace").truth(0, true);
    if (!(subject instanceof Dict dict)) {
      throw subject instanceof Undefined undefined
          ? undefined.error()
          : new TemplateError("xmlattr needs a mapping, not " + Values.typeName(subject));
    }
    List<String> attributes = new ArrayList<>();
    dict.entries()
        .forEach((name, value) -> {
          if (value != None.NONE && !(value instanceof Undefined)) {
            attributes.add(xmlAttribute(name, value));
          }
        });
    String text = String.join(" ", attributes);
    return context.str(space && !text.isEmpty() ? " " + text : text);
  }

  private static String xmlAttribute(Value name, Value value) {
    if (name instanceof Num || Pattern.compile("[\\s/>=]").matcher(Repr.str(name)).find()) {
      throw new TemplateError("Invalid character in attribute name: " + Repr.repr(name));
    }
    return Markup.escaped(name) + "=\"" + Markup.escaped(value) + "\"";
  }
}
