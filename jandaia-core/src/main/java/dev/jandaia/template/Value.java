package dev.jandaia.template;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that a template can hold. {@code equals} and {@code hashCode} follow Python's {@code
 * ==}: {@code 1 == 1.0 == True}. Containers are immutable, as in jinja2's immutable sandbox.
 */
sealed interface Value
    permits Callable,
        Cycler,
        Namespace,
        Range,
        Str,
        Stream,
        Value.Dict,
        Value.DictView,
        Value.ListValue,
        Value.None,
        Value.Num,
        Value.Tuple,
        Value.Undefined {

  /** How much work it is to walk this value; containers compute it once. */
  default Shape shape() {
    return Shape.LEAF;
  }

  enum None implements Value {
    NONE
  }

  /** Numbers compare and add across types; {@code True} is the integer one. */
  sealed interface Num extends Value {}

  record Bool(boolean value) implements Num {
    static final Bool TRUE = new Bool(true);
    static final Bool FALSE = new Bool(false);

    static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Num number && Numbers.equal(this, number);
    }

    @Override
    public int hashCode() {
      return Numbers.hash(this);
    }
  }

  record Int(BigInteger value) implements Num {
    static Int of(long value) {
      return new Int(BigInteger.valueOf(value));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Num number && Numbers.equal(this, number);
    }

    @Override
    public int hashCode() {
      return Numbers.hash(this);
    }
  }

  record Float(double value) implements Num {
    @Override
    public boolean equals(Object other) {
      return other instanceof Num number && Numbers.equal(this, number);
    }

    @Override
    public int hashCode() {
      return Numbers.hash(this);
    }
  }

  /** A missing name or attribute: prints as nothing, is false, and fails when used further. */
  record Undefined(String message) implements Value {
    static Undefined variable(String name) {
      return new Undefined(Repr.quote(name) + " is undefined");
    }

    static Undefined attribute(Value owner, String name) {
      return new Undefined(
          Repr.quote(Values.objectName(owner)) + " has no attribute " + Repr.quote(name));
    }

    static Undefined element(Value owner, Value key) {
      return key instanceof Str name
          ? attribute(owner, name.text())
          : new Undefined(Values.objectName(owner) + " has no element " + Repr.repr(key));
    }

    static Undefined unsafe(Value owner, String name) {
      return new Undefined(
          "access to attribute %s of '%s' object is unsafe."
              .formatted(Repr.quote(name), Values.typeName(owner)));
    }

    TemplateError error() {
      return new TemplateError(message);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }

  /** A Python list. */
  final class ListValue implements Value {
    static final ListValue EMPTY = new ListValue(List.of());

    private final List<Value> items;
    private final Shape shape;

    ListValue(List<Value> items) {
      this.items = items;
      this.shape = Shape.around(items);
    }

    List<Value> items() {
      return items;
    }

    @Override
    public Shape shape() {
      return shape;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ListValue list && items.equals(list.items);
    }

    @Override
    public int hashCode() {
      return items.hashCode();
    }
  }

  /** A Python tuple; {@code fields} names the items of a {@code groupby} group, else is empty. */
  final class Tuple implements Value {
    private final List<Value> items;
    private final List<String> fields;
    private final Shape shape;

    Tuple(List<Value> items, List<String> fields) {
      this.items = items;
      this.fields = fields;
      this.shape = Shape.around(items);
    }

    Tuple(List<Value> items) {
      this(items, List.of());
    }

    static Tuple of(Value... items) {
      return new Tuple(List.of(items));
    }

    List<Value> items() {
      return items;
    }

    List<String> fields() {
      return fields;
    }

    @Override
    public Shape shape() {
      return shape;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Tuple tuple && items.equals(tuple.items);
    }

    @Override
    public int hashCode() {
      return 31 * items.hashCode() + 1;
    }
  }

  /** A Python dict, in insertion order. */
  final class Dict implements Value {
    private final Map<Value, Value> entries;
    private final Shape shape;

    Dict(Map<Value, Value> entries) {
      this.entries = entries;
      this.shape = Shape.around(entries.keySet()).plus(Shape.around(entries.values()));
    }

    Map<Value, Value> entries() {
      return entries;
    }

    Dict with(Map<Value, Value> more) {
      Map<Value, Value> merged = new LinkedHashMap<>(entries);
      merged.putAll(more);
      return new Dict(merged);
    }

    @Override
    public Shape shape() {
      return shape;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Dict dict && entries.equals(dict.entries);
    }

    @Override
    public int hashCode() {
      return entries.hashCode();
    }
  }

  /**
   * {@code keys()}, {@code values()} or {@code items()} of a dict: sized and iterable, no index.
   */
  record DictView(Kind kind, List<Value> items) implements Value {
    enum Kind {
      KEYS,
      VALUES,
      ITEMS
    }

    static DictView of(Kind kind, Dict dict) {
      return new DictView(
          kind,
          switch (kind) {
            case KEYS -> List.copyOf(dict.entries().keySet());
            case VALUES -> List.copyOf(dict.entries().values());
            case ITEMS -> pairs(dict);
          });
    }

    static List<Value> pairs(Dict dict) {
      return dict.entries().entrySet().stream()
          .<Value>map(entry -> Tuple.of(entry.getKey(), entry.getValue()))
          .toList();
    }

    @Override
    public Shape shape() {
      return Shape.around(items);
    }
  }
}
