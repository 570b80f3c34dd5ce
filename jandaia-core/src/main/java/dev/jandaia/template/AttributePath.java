package dev.jandaia.template;

import dev.jandaia.template.Value.Int;
import dev.jandaia.template.Value.None;
import dev.jandaia.template.Value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What {@code attribute="address.city.0"} of a filter looks up in each element. */
final class AttributePath {
  private AttributePath() {}

  /** The lookup of one dotted path; of None, the element itself. */
  static UnaryOperator<Value> of(Context context, Value path) {
    return of(context, path, None.NONE);
  }

  /**
   * @param absent what a missing attribute becomes, unless None
   */
  static UnaryOperator<Value> of(Context context, Value path, Value absent) {
    List<Value> steps = steps(path);
    return element -> {
      Value value = element;
      for (Value step : steps) {
        value = Attributes.item(context, value, step);
        value = value instanceof Undefined && absent != None.NONE ? absent : value;
      }
      return value;
    };
  }

  private static List<Value> steps(Value path) {
    if (path == None.NONE) {
      return List.of();
    }
    if (!(path instanceof Str dotted)) {
      return List.of(path);
    }
    List<Value> steps = new ArrayList<>();
    for (String step : dotted.text().split("\\.", -1)) {
      steps.add(step.matches("[0-9]{1,9}") ? Int.of(Integer.parseInt(step)) : new Str(step));
    }
    return steps;
  }

  /** The lookups of several comma-separated paths, for {@code sort}. */
  static List<UnaryOperator<Value>> each(Context context, Value paths) {
    if (!(paths instanceof Str text)) {
      return List.of(of(context, paths));
    }
    List<UnaryOperator<Value>> lookups = new ArrayList<>();
    for (String path : text.text().split(",", -1)) {
      lookups.add(of(context, new Str(path)));
    }
    return lookups;
  }

  /** A string in lower case, anything else as it is: how filters ignore case. */
  static Value ignoreCase(Context context, Value value) {
    return value instanceof Str str ? context.str(Characters.lower(str.text())) : value;
  }
}
