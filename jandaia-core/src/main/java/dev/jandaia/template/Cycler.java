package dev.jandaia.template;

import java.util.List;

/** {@code cycler(a, b, ...)}: its items in turn, for ever. */
final class Cycler implements Value {
  private final List<Value> items;
  private int position;

  Cycler(List<Value> items) {
    if (items.isEmpty()) {
      throw new TemplateError("at least one item has to be provided");
    }
    this.items = items;
  }

  /** The attribute {@code name}, or null. */
  Value attribute(String name) {
    return switch (name) {
      case "current" -> items.get(position);
      case "pos" -> Int.of(position);
      case "items" -> new Tuple(items);
      case "next" -> new Function("next", (context, arguments) -> next());
      case "reset" -> new Function("reset", (context, arguments) -> reset());
      default -> null;
    };
  }

  private Value next() {
    Value current = items.get(position);
    position = (position + 1) % items.size();
    return current;
  }

  private Value reset() {
    position = 0;
    return None.NONE;
  }
}
