package dev.jandaia.template;

import dev.jandaia.template.Value.Dict;
import dev.jandaia.template.Value.ListValue;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** One rendering: what it may spend, and what time it is. Strings and lists are made here. */
record Context(Budget budget, Clock clock) {

  Str str(String text) {
    budget.text(text.length());
    return new Str(text);
  }

  /** A string that is markup if {@code like} is, as markupsafe's methods return. */
  Str str(String text, Str like) {
    budget.text(text.length());
    return new Str(text, like.markup());
  }

  Str markup(String text) {
    budget.text(text.length());
    return new Str(text, true);
  }

  ListValue list(List<Value> items) {
    budget.elements(items.size());
    return new ListValue(items);
  }

  Dict dict(Map<Value, Value> entries) {
    budget.elements(2L * entries.size());
    return new Dict(entries);
  }

  /** Calls any value, if it can be called. */
  Value call(Value callee, Arguments arguments) {
    return switch (callee) {
      case Callable callable -> callable.call(this, arguments);
      case Value.Undefined undefined -> throw undefined.error();
      default ->
          throw new TemplateError("'%s' object is not callable".formatted(Values.typeName(callee)));
    };
  }
}
