package dev.jandaia.template;

import dev.jandaia.template.Attributes.Method;
import dev.jandaia.template.Value.Bool;
import dev.jandaia.template.Value.None;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The methods of Python's {@code str}. Searching and splitting are in {@link StringSearch}. */
final class StringMethods {
  static final Map<String, Method<Str>> ALL = methods();

  private StringMethods() {}

  private static Map<String, Method<Str>> methods() {
    Map<String, Method<Str>> methods = new HashMap<>();
    methods.put("lower", mapping("lower", Characters::lower));
    methods.put("upper", mapping("upper", Characters::upper));
    methods.put("title", mapping("title", Characters::title));
    methods.put("capitalize", mapping("capitalize", Characters::capitalize));
    methods.put("swapcase", mapping("swapcase", Characters::swapCase));
    methods.put("casefold", mapping("casefold", text -> Characters.lower(text).replace("ß", "ss")));
    methods.put("isspace", all(Characters::isSpace));
    methods.put("isalpha", all(Character::isLetter));
    methods.put("isalnum", all(Characters::isAlphanumeric));
    methods.put("isdigit", all(Characters::isDigit));
    methods.put("isdecimal", all(Character::isDigit));
    methods.put("isnumeric", all(Characters::isNumeric));
    methods.put("isascii", test(text -> text.chars().allMatch(c -> c < 128)));
    methods.put("isprintable", test(text -> text.codePoints().allMatch(Characters::isPrintable)));
    methods.put("isidentifier", test(Characters::isIdentifier));
    methods.put("islower", test(Characters::isLower));
    methods.put("isupper", test(Characters::isUpper));
    methods.put("istitle", test(Characters::isTitle));
    methods.put("strip", (context, self, given) -> strip(context, self, given, true, true));
    methods.put(
        "lstrip", (context, self, arguments) -> strip(context, self, arguments, true, false));
    methods.put(
        "rstrip", (context, self, arguments) -> strip(context, self, arguments, false, true));
    methods.put("removeprefix", StringMethods::removePrefix);
    methods.put("removesuffix", StringMethods::removeSuffix);
    methods.put("replace", StringMethods::replace);
    methods.put("join", StringMethods::join);
    methods.put("ljust", (context, self, arguments) -> justify(context, self, arguments, 0));
    methods.put("center", StringMethods::center);
    methods.put("rjust", (context, self, arguments) -> justify(context, self, arguments, 1));
    methods.put("zfill", StringMethods::zeroFill);
    methods.put("expandtabs", StringMethods::expandTabs);
    methods.put(
        "format", (context, self, arguments) -> BraceFormat.apply(context, self, arguments));
    methods.put("format_map", StringMethods::formatMap);
    methods.putAll(StringSearch.METHODS);
    return Map.copyOf(methods);
  }

  private static Method<Str> mapping(String name, UnaryOperator<String> change) {
    return (context, self, arguments) -> {
      arguments.bind(name);
      return context.str(change.apply(self.text()), self);
    };
  }

  private static Method<Str> all(IntPredicate predicate) {
    return test(text -> Characters.all(text, predicate));
  }

  private static Method<Str> test(Predicate<String> predicate) {
    return (context, self, arguments) -> {
      context.budget().steps(self.text().length() / 64);
      return Bool.of(predicate.test(self.text()));
    };
  }

  private static Value strip(
      Context context, Str self, Arguments arguments, boolean leading, boolean trailing) {
    Arguments.Bound bound = arguments.bind("strip", "chars");
    return strip(context, self, bound.isSet(0) ? bound.get(0) : None.NONE, leading, trailing);
  }

  /** Strips the characters in {@code drop}, or whitespace if it is None. */
  static Str strip(Context context, Str self, Value drop, boolean leading, boolean trailing) {
    IntPredicate unwanted =
        switch (drop) {
          case Str characters -> c -> characters.text().indexOf(c) >= 0;
          case None _ -> Characters::isSpace;
          default -> throw new TemplateError("strip arg must be None or str");
        };
    String text = self.text();
    text = leading ? Characters.stripLeading(text, unwanted) : text;
    return context.str(trailing ? Characters.stripTrailing(text, unwanted) : text, self);
  }

  private static Value removePrefix(Context context, Str self, Arguments arguments) {
    String prefix = arguments.bind("removeprefix", "prefix").text(0);
    boolean found = self.text().startsWith(prefix);
    return context.str(found ? self.text().substring(prefix.length()) : self.text(), self);
  }

  private static Value removeSuffix(Context context, Str self, Arguments arguments) {
    String suffix = arguments.bind("removesuffix", "suffix").text(0);
    String text = self.text();
    boolean found = text.endsWith(suffix);
    return context.str(found ? text.substring(0, text.length() - suffix.length()) : text, self);
  }

  private static Value replace(Context context, Str self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    bound.text(1);
    String with = Markup.partOf(self.markup(), (Str) bound.get(1));
    return replace(context, self, bound.text(0), with, bound.integer(2, -1));
  }

  /** Replaces the first {@code count} occurrences, or all if it is negative. */
  static Str replace(Context context, Str self, String old, String with, int count) {
    String text = self.text();
    StringBuilder out = new StringBuilder(text.length());
    int from = 0;
    for (int done = 0; count < 0 || done < count; done++) {
      // An empty pattern occurs before every character and at the end.
      int search = old.isEmpty() && done > 0 ? next(text, from) : from;
      int found = search < 0 ? -1 : text.indexOf(old, search);
      if (found < 0) {
        break;
      }
      context.budget().append(out.length(), found - from + with.length());
      out.append(text, from, found).append(with);
      from = found + old.length();
    }
    return context.str(out.append(text, from, text.length()).toString(), self);
  }

  private static int next(String text, int index) {
    return index >= text.length() ? -1 : index + Character.charCount(text.codePointAt(index));
  }

  private static Value join(Context context, Str self, Arguments arguments) {
    Value items = arguments.bind("join", "iterable").get(0);
    StringBuilder joined = new StringBuilder();
    Iterator<Value> iterator = Values.iterate(items);
    for (int i = 0; iterator.hasNext(); i++) {
      if (!(iterator.next() instanceof Str part)) {
        throw new TemplateError("sequence item %d: expected str instance".formatted(i));
      }
      String text = Markup.partOf(self.markup(), part);
      String separator = i == 0 ? "" : self.text();
      context.budget().append(joined.length(), text.length() + separator.length());
      joined.append(separator).append(text);
    }
    return new Str(joined.toString(), self.markup());
  }

  private static Value justify(Context context, Str self, Arguments arguments, int side) {
    Arguments.Bound bound = arguments.bind("ljust or rjust", "width", "fillchar");
    int missing = missing(self, bound);
    return side == 0
        ? pad(context, self, bound, 0, missing)
        : pad(context, self, bound, missing, 0);
  }

  private static Value center(Context context, Str self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("center", "width", "fillchar");
    return center(context, self, bound);
  }

  /** Centres in {@code width}; an odd space goes left if the width is odd. */
  static Str center(Context context, Str self, Arguments.Bound bound) {
    int missing = missing(self, bound);
    int left = missing / 2 + (missing & bound.integer(0) & 1);
    return pad(context, self, bound, left, missing - left);
  }

  private static int missing(Str self, Arguments.Bound bound) {
    return Math.max(0, bound.integer(0) - self.length());
  }

  private static Str pad(Context context, Str self, Arguments.Bound bound, int left, int right) {
    String fill = bound.text(1, " ");
    if (fill.codePointCount(0, fill.length()) != 1) {
      throw new TemplateError("The fill character must be exactly one character long");
    }
    context.budget().text(self.text().length() + (long) left + right);
    return context.str(fill.repeat(left) + self.text() + fill.repeat(right), self);
  }

  private static Value zeroFill(Context context, Str self, Arguments arguments) {
    int width = arguments.bind("zfill", "width").integer(0);
    int missing = Math.max(0, width - self.length());
    context.budget().text(missing);
    String text = self.text();
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String sign = signed ? text.substring(0, 1) : "";
    return context.str(sign + "0".repeat(missing) + text.substring(sign.length()), self);
  }

  private static Value expandTabs(Context context, Str self, Arguments arguments) {
    int size = Math.max(0, arguments.bind("expandtabs", "tabsize").integer(0, 8));
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (int c : self.text().codePoints().toArray()) {
      if (c == '\t') {
        int spaces = size == 0 ? 0 : size - column % size;
        context.budget().append(out.length(), spaces);
        out.repeat(' ', spaces);
        column += spaces;
      } else {
        out.appendCodePoint(c);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return context.str(out.toString(), self);
  }

  private static Value formatMap(Context context, Str self, Arguments arguments) {
    Value mapping = arguments.bind("format_map", "mapping").get(0);
    if (!(mapping instanceof Value.Dict dict)) {
      throw new TemplateError("format_map() needs a mapping");
    }
    Map<String, Value> named = new HashMap<>();
    dict.entries().forEach((key, value) -> named.put(Repr.str(key), value));
    return BraceFormat.apply(context, self, new Arguments(List.of(), named));
  }
}
