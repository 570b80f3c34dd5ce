package dev.jandaia.template;

import dev.jandaia.template.Value.Bool;
import dev.jandaia.template.Value.Dict;
import dev.jandaia.template.Value.DictView;
import dev.jandaia.template.Value.Float;
import dev.jandaia.template.Value.Int;
import dev.jandaia.template.Value.None;
import dev.jandaia.template.Value.Num;
import dev.jandaia.template.Value.Undefined;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What stands after {@code is}. */
final class Tests {
  static final Map<String, Test> ALL = all();

  /** {@code subject is name(arguments)}. */
  interface Test {
    boolean holds(Context context, Value subject, Arguments arguments);
  }

  /** A test against one other value. */
  private interface Relation {
    boolean holds(Context context, Value subject, Value other);
  }

  private Tests() {}

  static Bool apply(Context context, String name, Value subject, Arguments arguments) {
    Test test = ALL.get(name);
    if (test == null) {
      throw new TemplateError("No test named " + Repr.quote(name) + ".");
    }
    return Bool.of(test.holds(context, subject, arguments));
  }

  private static Map<String, Test> all() {
    Map<String, Test> tests = new HashMap<>();
    tests.put("defined", of(value -> !(value instanceof Undefined)));
    tests.put("undefined", of(value -> value instanceof Undefined));
    tests.put("none", of(value -> value == None.NONE));
    tests.put("boolean", of(value -> value instanceof Bool));
    tests.put("true", of(value -> value instanceof Bool(boolean truth) && truth));
    tests.put("false", of(value -> value instanceof Bool(boolean truth) && !truth));
    tests.put("integer", of(value -> value instanceof Int));
    tests.put("float", of(value -> value instanceof Float));
    tests.put("number", of(value -> value instanceof Num));
    tests.put("string", of(value -> value instanceof Str));
    tests.put("mapping", of(value -> value instanceof Dict));
    tests.put("iterable", of(Values::isIterable));
    tests.put(
        "sequence",
        of(value ->
            Values.isSized(value) && !(value instanceof DictView || value instanceof LoopState)));
    tests.put("callable", of(value -> value instanceof Callable || value instanceof Undefined));
    tests.put("escaped", of(value -> value instanceof Str str && str.markup()));
    tests.put("lower", of(value -> Characters.isLower(Repr.str(value))));
    tests.put("upper", of(value -> Characters.isUpper(Repr.str(value))));
    tests.put(
        "filter", of(value -> value instanceof Str name && Filters.ALL.containsKey(name.text())));
    tests.put("test", of(value -> value instanceof Str name && Tests.ALL.containsKey(name.text())));
    tests.put(
        "odd",
        (context, value, arguments) -> remainder(context, value, Int.of(2)).equals(Int.of(1)));
    tests.put(
        "even",
        (context, value, arguments) -> remainder(context, value, Int.of(2)).equals(Int.of(0)));
    tests.put(
        "divisibleby",
        relation((context, value, other) -> remainder(context, value, other).equals(Int.of(0))));
    tests.put(
        "in", relation((context, value, other) -> Comparisons.contains(context, other, value)));
    tests.put("sameas", relation((context, value, other) -> same(value, other)));
    named(tests, relation(Comparisons::equal), "eq", "equalto", "==");
    named(tests, relation((context, a, b) -> !Comparisons.equal(context, a, b)), "ne", "!=");
    named(
        tests,
        relation((context, a, b) -> Comparisons.less(context, a, b, false)),
        "lt",
        "lessthan",
        "<");
    named(tests, relation((context, a, b) -> Comparisons.less(context, a, b, true)), "le", "<=");
    named(
        tests,
        relation((context, a, b) -> Comparisons.greater(context, a, b, false)),
        "gt",
        "greaterthan",
        ">");
    named(tests, relation((context, a, b) -> Comparisons.greater(context, a, b, true)), "ge", ">=");
    return Map.copyOf(tests);
  }

  private static Test of(Predicate<Value> predicate) {
    return (context, subject, arguments) -> {
      arguments.bind("test");
      return predicate.test(subject);
    };
  }

  private static Test relation(Relation relation) {
    return (context, subject, arguments) ->
        relation.holds(context, subject, arguments.bind("test", "other").get(0));
  }

  private static void named(Map<String, Test> tests, Test test, String... names) {
    List.of(names).forEach(name -> tests.put(name, test));
  }

  private static Value remainder(Context context, Value value, Value divisor) {
    return Operators.apply(context, Operators.Binary.MODULO, value, divisor);
  }

  /** Python's {@code is}: values without identity of their own are the same if they are equal. */
  @SuppressWarnings("ReferenceEquality") // identity is the question
  private static boolean same(Value a, Value b) {
    boolean plain = a instanceof Bool || a instanceof Int || a instanceof Str;
    return a == b || plain && a.getClass() == b.getClass() && a.equals(b);
  }
}
