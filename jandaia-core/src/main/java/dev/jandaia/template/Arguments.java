package dev.jandaia.template;

import java.util.List;
import java.util.Map;

/** The evaluated arguments of a call. */
record Arguments(List<Value> positional, Map<String, Value> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(List<Value> positional) {
    return new Arguments(positional, Map.of());
  }

  /**
   * Matches the arguments with a signature.
   *
   * @return one value per parameter, null where none was given
   */
  Bound bind(String function, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new TemplateError(
          "%s takes at most %d argument(s) (%d given)"
              .formatted(function, parameters.length, positional.size()));
    }
    Value[] values = positional.toArray(new Value[parameters.length]);
    for (Map.Entry<String, Value> argument : named.entrySet()) {
      int index = List.of(parameters).indexOf(argument.getKey());
      if (index < 0) {
        throw new TemplateError(
            "%s got an unexpected keyword argument %s"
                .formatted(function, Repr.quote(argument.getKey())));
      }
      if (values[index] != null) {
        throw new TemplateError(
            "%s got multiple values for argument %s"
                .formatted(function, Repr.quote(argument.getKey())));
      }
      values[index] = argument.getValue();
    }
    return new Bound(function, List.of(parameters), values);
  }

  /** Arguments in the order of a signature. */
  record Bound(String function, List<String> parameters, Value[] values) {
    boolean has(int index) {
      return values[index] != null;
    }

    /** Given, and not {@code None}. */
    boolean isSet(int index) {
      return has(index) && values[index] != Value.None.NONE;
    }

    Value get(int index) {
      if (values[index] == null) {
        throw new TemplateError(
            "%s missing required argument %s"
                .formatted(function, Repr.quote(parameters.get(index))));
      }
      return values[index];
    }

    Value get(int index, Value absent) {
      return has(index) ? values[index] : absent;
    }

    /** A string argument; anything else is a type error, as for Python's string methods. */
    String text(int index) {
      if (get(index) instanceof Str str) {
        return str.text();
      }
      throw new TemplateError(
          "%s argument %s must be str, not %s"
              .formatted(
                  function, Repr.quote(parameters.get(index)), Values.typeName(values[index])));
    }

    String text(int index, String absent) {
      return has(index) ? text(index) : absent;
    }

    int integer(int index) {
      return Values.index(get(index));
    }

    int integer(int index, int absent) {
      return has(index) ? integer(index) : absent;
    }

    boolean truth(int index, boolean absent) {
      return has(index) ? Values.truth(values[index]) : absent;
    }
  }
}
