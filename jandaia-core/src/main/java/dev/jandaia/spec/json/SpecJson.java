package dev.jandaia.spec.json;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.SpecException;
import dev.jandaia.tensor.JandaiaException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Specs as JSON, exactly: {@code read(write(spec)).equals(spec)}.
 *
 * <p>A record is an object with a property per component, a value of a sealed type also says which
 * in {@code type}, an enum constant is its name. {@code blocks} is written as runs: {@code
 * {"repeat": 5, "block": {...}}} for five equal layers and {@code {"repeat": 4, "blocks": [...]}}
 * for a pattern that recurs. Reading accepts plain blocks as well.
 */
public final class SpecJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private SpecJson() {}

  /** A spec as indented JSON. */
  public static String write(ModelSpec spec) {
    return MAPPER.writeValueAsString(toTree(spec));
  }

  /** A spec as a JSON tree. */
  public static JsonNode toTree(ModelSpec spec) {
    return Records.toTree(spec);
  }

  /**
   * Reads a spec; {@code source} names the text in errors.
   *
   * @throws JandaiaException if it is not JSON or not a spec; the message names the property
   */
  public static ModelSpec read(String source, String json) {
    try {
      return fromTree(source, MAPPER.readTree(json));
    } catch (JacksonException e) {
      throw new JandaiaException(source + ": not valid JSON (" + e.getOriginalMessage() + ")", e);
    }
  }

  /** Reads a spec from a JSON tree; {@code source} names it in errors. */
  public static ModelSpec fromTree(String source, JsonNode tree) {
    return (ModelSpec) Records.fromTree(tree, ModelSpec.class, new Place(source, ""));
  }

  /** Where in which text a value stands. */
  record Place(String source, String path) {
    Place field(String name) {
      return new Place(source, path.isEmpty() ? name : path + "." + name);
    }

    Place element(int index) {
      return new Place(source, path + "[" + index + "]");
    }

    JandaiaException bad(String expected, JsonNode found) {
      String text = found == null ? "nothing" : found.toString();
      String shown = text.length() <= 60 ? text : text.substring(0, 57) + "...";
      return new JandaiaException(
          "%s: %s: expected %s, found %s"
              .formatted(source, path.isEmpty() ? "the spec" : path, expected, shown));
    }

    JandaiaException bad(SpecException cause) {
      String where = path.isEmpty() ? "" : path + ": ";
      return new JandaiaException(source + ": " + where + cause.getMessage(), cause);
    }
  }

  /** Whether a list component holds layers, which are written as runs. */
  static boolean isLayers(Class<?> element) {
    return element == BlockSpec.class;
  }
}
