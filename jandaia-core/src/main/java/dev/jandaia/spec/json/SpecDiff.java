package dev.jandaia.spec.json;

import dev.jandaia.spec.ModelSpec;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Where two specs differ. */
public final class SpecDiff {
  private SpecDiff() {}

  /**
   * The first place where two specs differ, with both values: {@code blocks[3].mixer.scale: 0.25,
   * 0.125}; empty when they are equal.
   */
  public static Optional<String> first(ModelSpec left, ModelSpec right) {
    if (left.numLayers() != right.numLayers()) {
      return Optional.of("blocks: %d, %d".formatted(left.numLayers(), right.numLayers()));
    }
    for (int i = 0; i < left.numLayers(); i++) {
      JsonNode a = Records.toTree(left.blocks().get(i));
      JsonNode b = Records.toTree(right.blocks().get(i));
      Optional<String> difference = first("blocks[" + i + "]", a, b);
      if (difference.isPresent()) {
        return difference;
      }
    }
    return first("", SpecJson.toTree(left), SpecJson.toTree(right));
  }

  private static Optional<String> first(String path, JsonNode left, JsonNode right) {
    if (left == null || right == null || !left.isObject() || !right.isObject()) {
      return Objects.equals(left, right)
          ? Optional.empty()
          : Optional.of(path + ": " + show(left) + ", " + show(right));
    }
    Set<String> names = new LinkedHashSet<>(left.propertyNames());
    names.addAll(right.propertyNames());
    for (String name : names) {
      String at = path.isEmpty() ? name : path + "." + name;
      Optional<String> difference = first(at, left.get(name), right.get(name));
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private static String show(JsonNode node) {
    String text = node == null ? "nothing" : node.toString();
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
