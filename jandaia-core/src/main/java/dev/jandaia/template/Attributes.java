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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * {@code a.b}, {@code a[b]} and {@code a[b:c:d]}. The dot prefers a method to a key of the same
 * name, the bracket a key; methods that would change a container are out of reach.
 */
final class Attributes {
  private static final Set<String> LIST_MUTATORS =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
  private static final Set<String> DICT_MUTATORS =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private Attributes() {}

  static Value attribute(Context context, Value owner, String name) {
    requireDefined(owner);
    return member(owner, name)
        .or(() -> lookup(context, owner, new Str(name)))
        .orElseGet(() -> missing(owner, name));
  }

  static Value item(Context context, Value owner, Value key) {
    requireDefined(owner);
    Optional<Value> found = lookup(context, owner, key);
    if (found.isPresent()) {
      return found.get();
    }
    return key instanceof Str name
        ? member(owner, name.text()).orElseGet(() -> missing(owner, name.text()))
        : Undefined.element(owner, key);
  }

  /** {@code owner|attr(name)}: the dot without its fall back to keys. */
  static Value memberOnly(Value owner, String name) {
    requireDefined(owner);
    return member(owner, name).orElseGet(() -> missing(owner, name));
  }

  private static void requireDefined(Value owner) {
    if (owner instanceof Undefined undefined) {
      throw undefined.error();
    }
  }

  private static Undefined missing(Value owner, String name) {
    return name.startsWith("__") ? Undefined.unsafe(owner, name) : Undefined.attribute(owner, name);
  }

  private static Optional<Value> lookup(Context context, Value owner, Value key) {
    return switch (owner) {
      case Dict dict when Values.isHashable(context, key) ->
          Optional.ofNullable(dict.entries().get(key));
      case ListValue list -> at(list.items().size(), key, list.items()::get);
      case Tuple tuple -> at(tuple.items().size(), key, tuple.items()::get);
      case Range range -> at(range.size(), key, range::at);
      case Str str -> at(str.length(), key, i -> character(context, str, i));
      default -> Optional.empty();
    };
  }

  private static Value character(Context context, Str str, int index) {
    if (str.length() != str.text().length()) {
      context.budget().steps(index / 16);
    }
    return context.str(str.slice(index, index + 1), str);
  }

  private static Optional<Value> at(int length, Value key, IntFunction<Value> element) {
    if (!(key instanceof Num number) || number instanceof Float) {
      return Optional.empty();
    }
    long index = Math.clamp(Numbers.saturated(number), -1L << 40, 1L << 40);
    long position = index < 0 ? index + length : index;
    return position >= 0 && position < length
        ? Optional.of(element.apply((int) position))
        : Optional.empty();
  }

  /** What Python's {@code getattr} finds. */
  private static Optional<Value> member(Value owner, String name) {
    return switch (owner) {
      case Str str -> method(StringMethods.ALL.get(name), name, str);
      case Dict _ when DICT_MUTATORS.contains(name) -> Optional.of(Undefined.unsafe(owner, name));
      case ListValue _ when LIST_MUTATORS.contains(name) ->
          Optional.of(Undefined.unsafe(owner, name));
      case Dict dict -> method(ContainerMethods.DICT.get(name), name, dict);
      case ListValue list -> method(ContainerMethods.LIST.get(name), name, list);
      case Tuple tuple when tuple.fields().contains(name) ->
          Optional.of(tuple.items().get(tuple.fields().indexOf(name)));
      case Tuple tuple -> method(ContainerMethods.TUPLE.get(name), name, tuple);
      case Range range -> rangeField(range, name);
      case Num number -> numberField(number, name);
      case Namespace namespace when name.startsWith("_") ->
          namespace.attributes().containsKey(name)
              ? Optional.of(Undefined.unsafe(owner, name))
              : Optional.empty();
      case Namespace namespace -> Optional.ofNullable(namespace.attributes().get(name));
      case LoopState loop -> Optional.ofNullable(loop.attribute(name));
      case Macro macro -> Optional.ofNullable(macro.attribute(name));
      case Cycler cycler -> Optional.ofNullable(cycler.attribute(name));
      default -> Optional.empty();
    };
  }

  /** A method, to be bound to its receiver. */
  interface Method<T extends Value> {
    Value call(Context context, T receiver, Arguments arguments);
  }

  private static <T extends Value> Optional<Value> method(
      Method<T> method, String name, T receiver) {
    return Optional.ofNullable(method)
        .map(body ->
            new Function(name, (context, arguments) -> body.call(context, receiver, arguments)));
  }

  private static Optional<Value> rangeField(Range range, String name) {
    return switch (name) {
      case "start" -> Optional.of(Int.of(range.start()));
      case "stop" -> Optional.of(Int.of(range.start() + range.size() * range.step()));
      case "step" -> Optional.of(Int.of(range.step()));
      case "count" ->
          method(
              (context, self, given) -> ContainerMethods.count(context, self.items(), given),
              name,
              range);
      case "index" ->
          method(
              (context, self, given) -> ContainerMethods.index(context, self.items(), given),
              name,
              range);
      default -> Optional.empty();
    };
  }

  private static Optional<Value> numberField(Num number, String name) {
    return switch (name) {
      case "real" -> Optional.of(Operators.plus(number));
      case "imag" -> Optional.of(number instanceof Float ? new Float(0) : Int.of(0));
      case "is_integer" -> method((_, self, _) -> isInteger(self), name, number);
      default -> number instanceof Float ? Optional.empty() : integerField(number, name);
    };
  }

  private static Bool isInteger(Num number) {
    double value = number instanceof Float(double floating) ? floating : 0;
    return Bool.of(value == Math.rint(value) && Double.isFinite(value));
  }

  private static Optional<Value> integerField(Num number, String name) {
    return switch (name) {
      case "numerator" -> Optional.of(Operators.plus(number));
      case "denominator" -> Optional.of(Int.of(1));
      case "bit_length" ->
          method((_, self, _) -> Int.of(Numbers.integer(self).abs().bitLength()), name, number);
      default -> Optional.empty();
    };
  }

  static Value slice(Context context, Value owner, Value start, Value stop, Value step) {
    requireDefined(owner);
    return switch (owner) {
      case Str str -> text(context, str, SliceBounds.of(str.length(), start, stop, step));
      case ListValue list ->
          context.list(
              elements(
                  context, list.items(), SliceBounds.of(list.items().size(), start, stop, step)));
      case Tuple tuple ->
          new Tuple(
              elements(
                  context, tuple.items(), SliceBounds.of(tuple.items().size(), start, stop, step)));
      case Range range -> range.slice(SliceBounds.of(range.size(), start, stop, step));
      default ->
          throw new TemplateError(
              owner == None.NONE || !(owner instanceof Dict || owner instanceof DictView)
                  ? "'%s' object is not subscriptable".formatted(Values.typeName(owner))
                  : "unhashable type: 'slice'");
    };
  }

  private static List<Value> elements(Context context, List<Value> items, SliceBounds bounds) {
    context.budget().elements(bounds.size());
    return bounds.select(items::get);
  }

  private static Value text(Context context, Str str, SliceBounds bounds) {
    context.budget().text(bounds.size());
    if (bounds.step() == 1) {
      String slice = str.slice(bounds.start(), bounds.start() + bounds.size());
      return new Str(slice, str.markup());
    }
    int[] characters = str.text().codePoints().toArray();
    context.budget().text(characters.length);
    StringBuilder picked = new StringBuilder(bounds.size());
    for (int i = 0; i < bounds.size(); i++) {
      picked.appendCodePoint(characters[bounds.start() + i * bounds.step()]);
    }
    return new Str(picked.toString(), str.markup());
  }
}
