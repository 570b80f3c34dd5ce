package dev.jandaia.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The variables of one block, loop iteration or macro call, and those around it. */
final class Scope {
  private final Optional<Scope> parent;
  private final Map<String, Value> variables = new HashMap<>();

  private Scope(Optional<Scope> parent) {
    this.parent = parent;
  }

  static Scope root(Map<String, Value> globals, Map<String, Value> variables) {
    Scope outermost = new Scope(Optional.empty());
    outermost.variables.putAll(globals);
    outermost.variables.putAll(variables);
    return outermost.inner();
  }

  Scope inner() {
    return new Scope(Optional.of(this));
  }

  Value get(String name) {
    for (Optional<Scope> scope = Optional.of(this); scope.isPresent(); scope = scope.get().parent) {
      Value value = scope.get().variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return Value.Undefined.variable(name);
  }

  void set(String name, Value value) {
    variables.put(name, value);
  }
}
