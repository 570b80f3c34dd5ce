package dev.jandaia.template;

import dev.jandaia.template.Value.Bool;
import dev.jandaia.template.Value.Dict;
import dev.jandaia.template.Value.Float;
import dev.jandaia.template.Value.ListValue;
import dev.jandaia.template.Value.None;
import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** JSON as template values, as Python's {@code json.loads} reads it. */
final class JsonValues {
  private JsonValues() {}

  static Value of(JsonNode node) {
    return of(node, 0);
  }

  private static Value of(JsonNode node, int depth) {
    if (depth > Budget.MAX_VALUE_DEPTH) {
      throw new TemplateError("JSON nests more than " + Budget.MAX_VALUE_DEPTH + " levels deep");
    }
    return switch (node.getNodeType()) {
      case NULL, MISSING -> None.NONE;
      case BOOLEAN -> Bool.of(node.booleanValue());
      case STRING -> new Str(node.stringValue());
      case NUMBER ->
          node.isIntegralNumber()
              ? Numbers.checked(node.bigIntegerValue())
              : new Float(node.doubleValue());
      case ARRAY -> array(node, depth);
      case OBJECT -> object(node, depth);
      case BINARY, POJO ->
          throw new JandaiaException(
              "a chat template takes JSON values, found " + node.getNodeType());
    };
  }

  private static Value array(JsonNode node, int depth) {
    List<Value> items = new ArrayList<>(node.size());
    node.forEach(item -> items.add(of(item, depth + 1)));
    return new ListValue(items);
  }

  private static Value object(JsonNode node, int depth) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    node.properties()
        .forEach(entry -> entries.put(new Str(entry.getKey()), of(entry.getValue(), depth + 1)));
    return new Dict(entries);
  }
}
