package dev.jandaia.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code namespace(...)}: the one value whose attributes {@code set} may change. */
final class Namespace implements Value {
  private final Map<String, Value> attributes;

  Namespace(Map<String, Value> attributes) {
    this.attributes = new LinkedHashMap<>(attributes);
  }

  Map<String, Value> attributes() {
    return attributes;
  }

  void set(String name, Value value) {
    attributes.put(name, value);
  }
}
