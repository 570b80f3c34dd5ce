package dev.jandaia.template;

import dev.jandaia.template.Value.Bool;
import dev.jandaia.template.Value.Dict;
import dev.jandaia.template.Value.DictView;
import dev.jandaia.template.Value.Float;
import dev.jandaia.template.Value.Int;
import dev.jandaia.template.Value.ListValue;
import dev.jandaia.template.Value.None;
import dev.jandaia.template.Value.Num;
import dev.jandaia.template.Value.Tuple;
import dev.jandaia.template.Value.Undefined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What Python can ask of any value: its truth, length, elements and type. */
final class Values {
  private Values() {}

  static boolean truth(Value value) {
    return switch (value) {
      case None _ -> false;
      case Undefined _ -> false;
      case Float(double number) -> number != 0;
      case Num number -> Numbers.integer(number).signum() != 0;
      case LoopState loop -> loop.length() != 0;
      default -> elements(value).map(items -> !items.isEmpty()).orElse(true);
    };
  }

  static int length(Value value) {
    return switch (value) {
      case Str str -> str.length();
      case LoopState loop -> loop.length();
      default ->
          elements(value)
              .orElseThrow(() ->
                  new TemplateError("object of type '%s' has no len()".formatted(typeName(value))))
              .size();
    };
  }

  /** The elements of a sized value; of a string, merely something of the right emptiness. */
  private static Optional<List<? extends Value>> elements(Value value) {
    return switch (value) {
      case Str str -> Optional.of(str.text().isEmpty() ? List.of() : List.of(str));
      case ListValue list -> Optional.of(list.items());
      case Tuple tuple -> Optional.of(tuple.items());
      case Dict dict -> Optional.of(Collections.nCopies(dict.entries().size(), dict));
      case DictView view -> Optional.of(view.items());
      case Range range -> Optional.of(range.items());
      case Undefined _ -> Optional.of(List.of());
      default -> Optional.empty();
    };
  }

  static boolean isSized(Value value) {
    return elements(value).isPresent() || value instanceof LoopState;
  }

  static boolean isIterable(Value value) {
    return iterator(value).isPresent();
  }

  /** Iterates as Python's {@code iter}: a string gives characters, a dict its keys. */
  static Iterator<Value> iterate(Value value) {
    return iterator(value)
        .orElseThrow(
            () -> new TemplateError("'%s' object is not iterable".formatted(typeName(value))));
  }

  private static Optional<Iterator<Value>> iterator(Value value) {
    return switch (value) {
      case Str str -> Optional.of(characters(str));
      case ListValue list -> Optional.of(list.items().iterator());
      case Tuple tuple -> Optional.of(tuple.items().iterator());
      case Dict dict -> Optional.of(dict.entries().keySet().iterator());
      case DictView view -> Optional.of(view.items().iterator());
      case Range range -> Optional.of(range.items().iterator());
      case Undefined _ -> Optional.of(List.<Value>of().iterator());
      case Stream stream -> Optional.of(stream);
      default -> Optional.empty();
    };
  }

  private static Iterator<Value> characters(Str str) {
    return str.text().codePoints().<Value>mapToObj(c -> new Str(Character.toString(c))).iterator();
  }

  /** All elements of an iterable, in a list of its own. */
  static List<Value> collect(Context context, Value value) {
    List<Value> items = new ArrayList<>();
    Iterator<Value> iterator = iterate(value);
    while (iterator.hasNext()) {
      context.budget().elements(value instanceof Str ? 4 : 1);
      items.add(iterator.next());
    }
    return items;
  }

  /** A plain index: an integer or boolean that fits an {@code int}. */
  static int index(Value value) {
    if (value instanceof Num number && !Numbers.isFloat(number)) {
      return Math.clamp(Numbers.saturated(number), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    throw value instanceof Undefined undefined
        ? undefined.error()
        : new TemplateError(
            "'%s' object cannot be interpreted as an integer".formatted(typeName(value)));
  }

  /** The value itself, if Python could use it as a key. */
  static Value hashable(Context context, Value key) {
    switch (key) {
      case ListValue _, Dict _, DictView _ ->
          throw new TemplateError("unhashable type: '%s'".formatted(typeName(key)));
      case Tuple tuple -> {
        context.budget().steps(tuple.shape().weight());
        tuple.items().forEach(item -> hashable(context, item));
      }
      default -> {}
    }
    return key;
  }

  static boolean isHashable(Context context, Value key) {
    try {
      hashable(context, key);
      return true;
    } catch (TemplateError e) {
      return false;
    }
  }

  static Str str(Context context, Value value) {
    return value instanceof Str str && !str.markup() ? str : context.str(Repr.str(value));
  }

  static ListValue strings(Context context, List<String> texts) {
    return context.list(
        texts.stream().map(context::str).collect(Collectors.<Value>toUnmodifiableList()));
  }

  static String typeName(Value value) {
    return switch (value) {
      case None _ -> "NoneType";
      case Bool _ -> "bool";
      case Int _ -> "int";
      case Float _ -> "float";
      case Str str -> str.markup() ? "Markup" : "str";
      case ListValue _ -> "list";
      case Tuple _ -> "tuple";
      case Dict _ -> "dict";
      case DictView view -> "dict_" + Characters.lower(view.kind().name());
      case Range _ -> "range";
      case Stream stream -> stream.typeName();
      case Undefined _ -> "Undefined";
      case Namespace _ -> "Namespace";
      case Macro _ -> "Macro";
      case LoopState _ -> "LoopContext";
      case Function _ -> "builtin_function_or_method";
      case Joiner _ -> "Joiner";
      case Cycler _ -> "Cycler";
    };
  }

  /** As jinja names an object in "has no attribute". */
  static String objectName(Value value) {
    return value == None.NONE ? "None" : typeName(value) + " object";
  }
}
