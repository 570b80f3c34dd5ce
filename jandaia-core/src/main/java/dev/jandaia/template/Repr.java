package dev.jandaia.template;

import java.util.Iterator;
import java.util.Map;

/** Python's {@code str()} and {@code repr()}. */
final class Repr {
  private static final int MAX_NAMESPACES = 50;

  private final StringBuilder text = new StringBuilder();
  private int namespaces;

  private Repr() {}

  static String str(Value value) {
    return switch (value) {
      case Str str -> str.text();
      case Value.Undefined _ -> "";
      case Value.Num number -> Numbers.repr(number);
      case Value.None _ -> "None";
      default -> repr(value);
    };
  }

  static String repr(Value value) {
    Repr repr = new Repr();
    repr.write(value);
    return repr.text.toString();
  }

  /** A string literal: single quotes, unless the text has some and no double ones. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2);
    char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
    quoted.append(quote);
    text.codePoints().forEach(c -> escape(quoted, c, quote));
    return quoted.append(quote).toString();
  }

  private static void escape(StringBuilder out, int c, char quote) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\\' -> out.append("\\\\");
      default -> {
        if (c == quote) {
          out.append('\\').append(quote);
        } else if (Characters.isPrintable(c)) {
          out.appendCodePoint(c);
        } else {
          out.append(hexEscape(c));
        }
      }
    }
  }

  /** {@code \xe9}, {@code \u20ac} or {@code \U0001f600}. */
  static String hexEscape(int c) {
    return (c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c);
  }

  /** Python's {@code ascii()}: a {@code repr} with every non-ASCII character escaped. */
  static String ascii(Value value) {
    StringBuilder ascii = new StringBuilder();
    repr(value)
        .codePoints()
        .forEach(c -> ascii.append(c < 128 ? Character.toString(c) : hexEscape(c)));
    return ascii.toString();
  }

  private void write(Value value) {
    if (text.length() > Budget.MAX_STRING) {
      throw new TemplateError("a printed value exceeds " + Budget.MAX_STRING + " characters");
    }
    switch (value) {
      case Str str when str.markup() ->
          text.append("Markup(").append(quote(str.text())).append(')');
      case Str str -> text.append(quote(str.text()));
      case Value.Num number -> text.append(Numbers.repr(number));
      case Value.None _ -> text.append("None");
      case Value.Undefined _ -> text.append("Undefined");
      case Value.ListValue list -> join("[", list.items(), "]");
      case Value.Tuple tuple -> join("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")");
      case Value.Dict dict -> entries(dict.entries());
      case Value.DictView view ->
          join("dict_" + Characters.lower(view.kind().name()) + "([", view.items(), "])");
      case Range range -> range(range);
      case Namespace namespace -> namespace(namespace);
      case Macro macro -> text.append("<Macro ").append(quote(macro.name())).append('>');
      case LoopState loop ->
          text.append("<LoopContext %d/%d>".formatted(loop.index(), loop.length()));
      case Stream stream -> object(stream.typeName());
      case Function function -> text.append("<function ").append(function.name()).append('>');
      case Joiner _ -> object("Joiner");
      case Cycler _ -> object("Cycler");
    }
  }

  /** Python prints an address here; none is worth printing. */
  private void object(String type) {
    text.append('<').append(type).append(" object>");
  }

  private void join(String open, Iterable<Value> items, String close) {
    text.append(open);
    Iterator<Value> iterator = items.iterator();
    while (iterator.hasNext()) {
      write(iterator.next());
      if (iterator.hasNext()) {
        text.append(", ");
      }
    }
    text.append(close);
  }

  private void entries(Map<Value, Value> entries) {
    String separator = "";
    text.append('{');
    for (Map.Entry<Value, Value> entry : entries.entrySet()) {
      text.append(separator);
      write(entry.getKey());
      text.append(": ");
      write(entry.getValue());
      separator = ", ";
    }
    text.append('}');
  }

  private void range(Range range) {
    long stop = range.start() + range.size() * range.step();
    text.append("range(").append(range.start()).append(", ").append(stop);
    if (range.step() != 1) {
      text.append(", ").append(range.step());
    }
    text.append(')');
  }

  private void namespace(Namespace namespace) {
    if (++namespaces > MAX_NAMESPACES) {
      throw new TemplateError("a namespace contains itself");
    }
    text.append("<Namespace {");
    String separator = "";
    for (Map.Entry<String, Value> entry : namespace.attributes().entrySet()) {
      text.append(separator).append(quote(entry.getKey())).append(": ");
      write(entry.getValue());
      separator = ", ";
    }
    text.append("}>");
    namespaces--;
  }
}
