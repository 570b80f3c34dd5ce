package dev.jandaia.template;

import dev.jandaia.template.Value.Bool;
import dev.jandaia.template.Value.Dict;
import dev.jandaia.template.Value.Float;
import dev.jandaia.template.Value.ListValue;
import dev.jandaia.template.Value.None;
import dev.jandaia.template.Value.Num;
import dev.jandaia.template.Value.Tuple;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** {@code tojson}, which transformers defines as Python's {@code json.dumps}. */
final class JsonText {
  private final Context context;
  private final Options options;
  private final StringBuilder out = new StringBuilder();

  /**
   * @param indent what one level of nesting adds to a line, null for everything on one line
   */
  private record Options(
      boolean ascii, String indent, String comma, String colon, boolean sortKeys) {}

  private JsonText(Context context, Options options) {
    this.context = context;
    this.options = options;
  }

  static Value filter(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound =
        arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
    String indent = bound.isSet(1) ? indent(context, bound.get(1)) : null;
    List<String> separators =
        bound.isSet(2) ? separators(bound.get(2)) : List.of(indent == null ? ", " : ",", ": ");
    JsonText json =
        new JsonText(
            context,
            new Options(
                bound.truth(0, false),
                indent,
                separators.getFirst(),
                separators.getLast(),
                bound.truth(3, false)));
    json.write(subject, 0);
    return new Str(json.out.toString());
  }

  private static String indent(Context context, Value indent) {
    if (indent instanceof Str str) {
      return str.text();
    }
    int spaces = Math.max(0, Values.index(indent));
    context.budget().text(spaces);
    return " ".repeat(spaces);
  }

  private static List<String> separators(Value value) {
    List<Value> items =
        switch (value) {
          case Tuple tuple -> tuple.items();
          case ListValue list -> list.items();
          default -> List.of();
        };
    if (items.size() != 2 || !items.stream().allMatch(item -> item instanceof Str)) {
      throw new TemplateError("separators must be two strings");
    }
    return items.stream().map(Repr::str).toList();
  }

  private void append(String text) {
    context.budget().append(out.length(), text.length());
    out.append(text);
  }

  private void write(Value value, int depth) {
    switch (value) {
      case None _ -> append("null");
      case Bool bool -> append(bool.value() ? "true" : "false");
      case Num number -> append(number(number));
      case Str str -> string(str.text());
      case ListValue list -> array(list.items(), depth);
      case Tuple tuple -> array(tuple.items(), depth);
      case Dict dict -> object(dict, depth);
      default ->
          throw new TemplateError(
              "Object of type %s is not JSON serializable".formatted(Values.typeName(value)));
    }
  }

  private static String number(Num number) {
    if (number instanceof Float(double value) && !Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }
    return Numbers.repr(number);
  }

  private void array(List<Value> items, int depth) {
    if (items.isEmpty()) {
      append("[]");
      return;
    }
    append("[");
    Iterator<Value> iterator = items.iterator();
    while (iterator.hasNext()) {
      newLine(depth + 1);
      write(iterator.next(), depth + 1);
      append(iterator.hasNext() ? options.comma : "");
    }
    newLine(depth);
    append("]");
  }

  private void object(Dict dict, int depth) {
    if (dict.entries().isEmpty()) {
      append("{}");
      return;
    }
    append("{");
    List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries().entrySet());
    if (options.sortKeys) {
      entries.sort((a, b) -> Comparisons.compare(context, a.getKey(), b.getKey()));
    }
    Iterator<Map.Entry<Value, Value>> iterator = entries.iterator();
    while (iterator.hasNext()) {
      Map.Entry<Value, Value> entry = iterator.next();
      newLine(depth + 1);
      string(key(entry.getKey()));
      append(options.colon);
      write(entry.getValue(), depth + 1);
      append(iterator.hasNext() ? options.comma : "");
    }
    newLine(depth);
    append("}");
  }

  private void newLine(int depth) {
    if (options.indent != null) {
      append("\n");
      for (int i = 0; i < depth; i++) {
        append(options.indent);
      }
    }
  }

  private static String key(Value key) {
    return switch (key) {
      case Str str -> str.text();
      case None _ -> "null";
      case Bool bool -> bool.value() ? "true" : "false";
      case Num number -> number(number);
      default ->
          throw new TemplateError(
              "keys must be str, int, float, bool or None, not " + Values.typeName(key));
    };
  }

  private void string(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\f' -> quoted.append("\\f");
        case '\b' -> quoted.append("\\b");
        default -> {
          if (c < 0x20 || options.ascii && c > 0x7e) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    append(quoted.append('"').toString());
  }
}
