package dev.jandaia.template;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The {@code loop} variable. It reads ahead only as far as the template asks. */
final class LoopState implements Callable {
  private final Context context;
  private final Optional<Recursion> recursion;
  private final int depth0;
  private Iterator<Value> upcoming;
  private int index0 = -1;
  private int length;
  private Optional<Value> before = Optional.empty();
  private Optional<Value> current = Optional.empty();
  private Optional<Value> after = Optional.empty();
  private Optional<Value> lastChanged = Optional.empty();

  /** Renders the body of a {@code recursive} loop over other items. */
  interface Recursion {
    Value render(Value items, int depth);
  }

  /**
   * @param sized the value behind {@code items}, if its length is known beforehand
   */
  LoopState(
      Context context,
      Iterator<Value> items,
      Optional<Value> sized,
      Optional<Recursion> recursion,
      int depth0) {
    this.context = context;
    this.upcoming = items;
    this.length = sized.map(Values::length).orElse(-1);
    this.recursion = recursion;
    this.depth0 = depth0;
  }

  boolean advance() {
    if (peek().isEmpty()) {
      return false;
    }
    before = current;
    current = after;
    after = Optional.empty();
    index0++;
    return true;
  }

  Value current() {
    return current.orElseThrow();
  }

  private Optional<Value> peek() {
    if (after.isEmpty() && upcoming.hasNext()) {
      after = Optional.of(upcoming.next());
    }
    return after;
  }

  int index() {
    return index0 + 1;
  }

  /** The number of items; an iterator is read to its end to know. */
  int length() {
    if (length < 0) {
      List<Value> rest = Values.collect(context, Stream.generator(upcoming, None.NONE));
      upcoming = rest.iterator();
      length = rest.size() + index() + (after.isPresent() ? 1 : 0);
    }
    return length;
  }

  @Override
  public Value call(Context callContext, Arguments arguments) {
    Value items = arguments.bind("loop", "iterable").get(0);
    return recursion
        .orElseThrow(() ->
            new TemplateError(
                "The loop must have the 'recursive' marker to be called recursively."))
        .render(items, depth0 + 1);
  }

  /** The attribute {@code name}, or null. */
  Value attribute(String name) {
    return switch (name) {
      case "index" -> Int.of(index());
      case "index0" -> Int.of(index0);
      case "revindex" -> Int.of(length() - index0);
      case "revindex0" -> Int.of(length() - index());
      case "length" -> Int.of(length());
      case "first" -> Bool.of(index0 == 0);
      case "last" -> Bool.of(peek().isEmpty());
      case "depth" -> Int.of(depth0 + 1);
      case "depth0" -> Int.of(depth0);
      case "previtem" -> before.orElseGet(() -> new Undefined("there is no previous item"));
      case "nextitem" -> peek().orElseGet(() -> new Undefined("there is no next item"));
      case "cycle" -> new Function("cycle", (context, arguments) -> cycle(arguments));
      case "changed" -> new Function("changed", (context, arguments) -> changed(arguments));
      default -> null;
    };
  }

  private Value cycle(Arguments arguments) {
    List<Value> items = arguments.positional();
    if (items.isEmpty()) {
      throw new TemplateError("no items for cycling given");
    }
    return items.get(index0 % items.size());
  }

  private Value changed(Arguments arguments) {
    Value value = new Tuple(arguments.positional());
    boolean changed =
        lastChanged.isEmpty() || !Comparisons.equal(context, lastChanged.get(), value);
    lastChanged = Optional.of(value);
    return Bool.of(changed);
  }
}
