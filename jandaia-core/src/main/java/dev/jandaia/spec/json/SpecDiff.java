package dev.jandaia.spec.json;

import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Where two specs differ. */
public final class SpecDiff {
  /** A little more than the rounding of a 32-bit float. */
  private static final double SINGLE = 1e-6;

  /** How far numbers may be apart, relative to the larger. */
  private final double tolerance;

  private SpecDiff(double tolerance) {
    this.tolerance = tolerance;
  }

  /**
   * The first place where two specs differ, with both values: {@code blocks[3].mixer.scale: 0.25,
   * 0.125}; empty when they are equal.
   */
  public static Optional<String> first(ModelSpec left, ModelSpec right) {
    return new SpecDiff(0).between(left, right);
  }

  /**
   * As {@link #first}, but numbers that a 32-bit float does not tell apart count as equal: formats
   * store their numbers so, and a rule calculated again rounds differently.
   */
  public static Optional<String> firstBeyondSingle(ModelSpec left, ModelSpec right) {
    return new SpecDiff(SINGLE).between(left, right);
  }

  /** The first place where two mixers differ, with both values. */
  public static Optional<String> first(Mixer left, Mixer right) {
    return new SpecDiff(0).first("", Records.toTree(left), Records.toTree(right));
  }

  private Optional<String> between(ModelSpec left, ModelSpec right) {
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
    return first("", withoutBlocks(left), withoutBlocks(right));
  }

  private static JsonNode withoutBlocks(ModelSpec spec) {
    return ((ObjectNode) SpecJson.toTree(spec)).without("blocks");
  }

  private Optional<String> first(String path, JsonNode left, JsonNode right) {
    if (left == null || right == null || !left.isObject() || !right.isObject()) {
      return isSame(left, right)
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

  private boolean isSame(JsonNode left, JsonNode right) {
    if (left == null || right == null) {
      return Objects.equals(left, right);
    }
    if (left.isArray() && right.isArray() && left.size() == right.size()) {
      return IntStream.range(0, left.size()).allMatch(i -> isSame(left.get(i), right.get(i)));
    }
    if (left.isFloatingPointNumber() && right.isFloatingPointNumber()) {
      double a = left.doubleValue();
      double b = right.doubleValue();
      return a == b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
    }
    return Objects.equals(left, right);
  }

  private static String show(JsonNode node) {
    String text = node == null ? "nothing" : node.toString();
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
