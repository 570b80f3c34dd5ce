package dev.jandaia.template;

import dev.jandaia.template.Attributes.Method;
import dev.jandaia.template.Value.Bool;
import dev.jandaia.template.Value.Int;
import dev.jandaia.template.Value.None;
import dev.jandaia.template.Value.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finding, counting and splitting, as methods of a string. Positions count code points. */
final class StringSearch {
  static final Map<String, Method<Str>> METHODS =
      Map.ofEntries(
          Map.entry("find", (context, self, a) -> find(context, self, a, false, false)),
          Map.entry("rfind", (context, self, a) -> find(context, self, a, true, false)),
          Map.entry("index", (context, self, a) -> find(context, self, a, false, true)),
          Map.entry("rindex", (context, self, a) -> find(context, self, a, true, true)),
          Map.entry("count", StringSearch::count),
          Map.entry("startswith", (context, self, a) -> affix(context, self, a, true)),
          Map.entry("endswith", (context, self, a) -> affix(context, self, a, false)),
          Map.entry("split", (context, self, a) -> split(context, self, a, false)),
          Map.entry("rsplit", (context, self, a) -> split(context, self, a, true)),
          Map.entry("splitlines", StringSearch::splitLines),
          Map.entry("partition", (context, self, a) -> partition(context, self, a, false)),
          Map.entry("rpartition", (context, self, a) -> partition(context, self, a, true)));

  private StringSearch() {}

  /** The part of a string between the optional {@code start} and {@code end} of a search. */
  private record Window(String text, int start, boolean outside) {
    static Window of(Context context, Str self, Arguments.Bound bound) {
      context.budget().steps(self.text().length() / 256);
      Value start = bound.get(1, None.NONE);
      SliceBounds slice = SliceBounds.of(self.length(), start, bound.get(2, None.NONE), None.NONE);
      boolean outside = start != None.NONE && Values.index(start) > self.length();
      int end = slice.start() + slice.size();
      return new Window(self.slice(slice.start(), end), slice.start(), outside);
    }
  }

  private static Value find(
      Context context, Str self, Arguments arguments, boolean last, boolean required) {
    Arguments.Bound bound = arguments.bind("find", "sub", "start", "end");
    String wanted = bound.text(0);
    Window window = Window.of(context, self, bound);
    int found = last ? window.text.lastIndexOf(wanted) : window.text.indexOf(wanted);
    if (found < 0 || window.outside) {
      if (required) {
        throw new TemplateError("substring not found");
      }
      return Int.of(-1);
    }
    return Int.of(window.start + window.text.codePointCount(0, found));
  }

  private static Value count(Context context, Str self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("count", "sub", "start", "end");
    String wanted = bound.text(0);
    Window window = Window.of(context, self, bound);
    if (window.outside) {
      return Int.of(0);
    }
    if (wanted.isEmpty()) {
      return Int.of(window.text.codePointCount(0, window.text.length()) + 1);
    }
    int count = 0;
    for (int at = window.text.indexOf(wanted);
        at >= 0;
        at = window.text.indexOf(wanted, at + wanted.length())) {
      count++;
    }
    return Int.of(count);
  }

  private static Value affix(Context context, Str self, Arguments arguments, boolean prefix) {
    Arguments.Bound bound =
        arguments.bind(prefix ? "startswith" : "endswith", "affix", "start", "end");
    Window window = Window.of(context, self, bound);
    List<Value> affixes =
        bound.get(0) instanceof Tuple tuple ? tuple.items() : List.of(bound.get(0));
    for (Value affix : affixes) {
      if (!(affix instanceof Str str)) {
        throw new TemplateError(
            "%s first arg must be str or a tuple of str, not %s"
                .formatted(bound.function(), Values.typeName(affix)));
      }
      boolean matches =
          prefix ? window.text.startsWith(str.text()) : window.text.endsWith(str.text());
      if (matches && !window.outside) {
        return Bool.TRUE;
      }
    }
    return Bool.FALSE;
  }

  private static Value split(Context context, Str self, Arguments arguments, boolean fromRight) {
    Arguments.Bound bound = arguments.bind("split", "sep", "maxsplit");
    int limit = bound.integer(1, -1);
    int most = limit < 0 ? Integer.MAX_VALUE : limit;
    if (!bound.isSet(0)) {
      return parts(
          context,
          self,
          fromRight
              ? wordsFromRight(context, self.text(), most)
              : words(context, self.text(), most));
    }
    String separator = bound.text(0);
    if (separator.isEmpty()) {
      throw new TemplateError("empty separator");
    }
    return parts(
        context,
        self,
        fromRight
            ? piecesFromRight(context, self.text(), separator, most)
            : pieces(context, self.text(), separator, most));
  }

  private static Value parts(Context context, Str self, List<String> texts) {
    List<Value> parts = new ArrayList<>(texts.size());
    texts.forEach(text -> parts.add(context.str(text, self)));
    return context.list(parts);
  }

  private static List<String> pieces(Context context, String text, String separator, int most) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    int found = text.indexOf(separator);
    while (found >= 0 && pieces.size() < most) {
      context.budget().text(0);
      pieces.add(text.substring(from, found));
      from = found + separator.length();
      found = text.indexOf(separator, from);
    }
    pieces.add(text.substring(from));
    return pieces;
  }

  private static List<String> piecesFromRight(
      Context context, String text, String separator, int most) {
    List<String> pieces = new ArrayList<>();
    int to = text.length();
    while (pieces.size() < most) {
      int found = text.lastIndexOf(separator, to - separator.length());
      if (found < 0) {
        break;
      }
      context.budget().text(0);
      pieces.add(text.substring(found + separator.length(), to));
      to = found;
    }
    pieces.add(text.substring(0, to));
    return pieces.reversed();
  }

  /** Splits at runs of whitespace; what is left after {@code most} splits keeps its inner ones. */
  private static List<String> words(Context context, String text, int most) {
    List<String> words = new ArrayList<>();
    int at = skipSpace(text, 0);
    while (at < text.length()) {
      if (words.size() == most) {
        words.add(text.substring(at));
        return words;
      }
      int end = at;
      while (end < text.length() && !Characters.isSpace(text.charAt(end))) {
        end++;
      }
      context.budget().text(0);
      words.add(text.substring(at, end));
      at = skipSpace(text, end);
    }
    return words;
  }

  private static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && Characters.isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static List<String> wordsFromRight(Context context, String text, int most) {
    List<String> words = new ArrayList<>();
    String rest = Characters.stripTrailing(text, Characters::isSpace);
    int end = rest.length();
    while (end > 0 && words.size() < most) {
      int start = end;
      while (start > 0 && !Characters.isSpace(text.charAt(start - 1))) {
        start--;
      }
      context.budget().text(0);
      words.add(text.substring(start, end));
      end = start;
      while (end > 0 && Characters.isSpace(text.charAt(end - 1))) {
        end--;
      }
    }
    if (end > 0) {
      words.add(text.substring(0, end));
    }
    return words.reversed();
  }

  private static Value splitLines(Context context, Str self, Arguments arguments) {
    boolean keepEnds = arguments.bind("splitlines", "keepends").truth(0, false);
    context.budget().elements(4 * self.text().chars().filter(Characters::isLineBreak).count());
    return parts(context, self, Characters.splitLines(self.text(), keepEnds));
  }

  private static Value partition(Context context, Str self, Arguments arguments, boolean last) {
    String separator = arguments.bind("partition", "sep").text(0);
    if (separator.isEmpty()) {
      throw new TemplateError("empty separator");
    }
    String text = self.text();
    int found = last ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (found < 0) {
      Str empty = new Str("", self.markup());
      return last ? Tuple.of(empty, empty, self) : Tuple.of(self, empty, empty);
    }
    return Tuple.of(
        context.str(text.substring(0, found), self),
        context.str(separator, self),
        context.str(text.substring(found + separator.length()), self));
  }
}
