package dev.jandaia.family;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Typed reading of a published config.json. A field that is {@code null} counts as absent. Every
 * failure is a {@link JandaiaException} that names the file, the field, what was expected and what
 * was found.
 */
public final class Config {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final String source;
  private final String prefix;
  private final JsonNode node;

  private Config(String source, String prefix, JsonNode node) {
    this.source = source;
    this.prefix = prefix;
    this.node = node;
  }

  /** Reads a config.json file. */
  public static Config read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new JandaiaException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  /** Reads the text of a config.json; {@code source} names it in errors. */
  public static Config parse(String source, String json) {
    try {
      return of(source, MAPPER.readTree(json));
    } catch (JacksonException e) {
      throw new JandaiaException(source + ": not valid JSON (" + e.getOriginalMessage() + ")", e);
    }
  }

  /** A config that has been parsed already; {@code source} names it in errors. */
  public static Config of(String source, JsonNode root) {
    if (!root.isObject()) {
      throw new JandaiaException(source + ": expected a JSON object, found " + describe(root));
    }
    return new Config(source, "", root);
  }

  /**
   * This config with values for fields that the file leaves out, as the published class has them. A
   * field that is there, even as null, wins.
   */
  public Config withDefaults(Map<String, ?> defaults) {
    ObjectNode merged = MAPPER.createObjectNode();
    defaults.forEach((field, value) -> merged.set(field, MAPPER.valueToTree(value)));
    node.properties().forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
    return new Config(source, prefix, merged);
  }

  /** This config with one field set, whatever the file says. */
  Config with(String field, Object value) {
    ObjectNode changed = MAPPER.createObjectNode();
    node.properties().forEach(entry -> changed.set(entry.getKey(), entry.getValue()));
    changed.set(field, MAPPER.valueToTree(value));
    return new Config(source, prefix, changed);
  }

  /** The file (or other origin) this config was read from. */
  public String source() {
    return source;
  }

  /** The family's published name, {@code model_type}. */
  public String modelType() {
    return text("model_type");
  }

  /** Whether the field is there and not null. */
  public boolean has(String field) {
    JsonNode value = node.get(field);
    return value != null && !value.isNull();
  }

  /** An integer that must be there. */
  public int integer(String field) {
    JsonNode value = require(field, "an integer");
    if (!value.canConvertToExactIntegral() || !value.canConvertToInt()) {
      throw bad(field, "an integer", value);
    }
    return value.intValue();
  }

  /** An integer, or {@code otherwise} where the field is absent. */
  public int integer(String field, int otherwise) {
    return has(field) ? integer(field) : otherwise;
  }

  /** A positive integer that must be there. */
  public int positive(String field) {
    int value = integer(field);
    if (value <= 0) {
      throw bad(field, "a positive integer");
    }
    return value;
  }

  /** A finite number that must be there. */
  public double number(String field) {
    JsonNode value = require(field, "a number");
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw bad(field, "a finite number", value);
    }
    return value.doubleValue();
  }

  /** A finite number, or {@code otherwise} where the field is absent. */
  public double number(String field, double otherwise) {
    return has(field) ? number(field) : otherwise;
  }

  /** True or false, or {@code otherwise} where the field is absent. */
  public boolean flag(String field, boolean otherwise) {
    if (!has(field)) {
      return otherwise;
    }
    JsonNode value = node.get(field);
    if (!value.isBoolean()) {
      throw bad(field, "true or false", value);
    }
    return value.booleanValue();
  }

  /** Whether the field is there and a string. */
  boolean isText(String field) {
    return has(field) && node.get(field).isString();
  }

  /** A string that must be there. */
  public String text(String field) {
    JsonNode value = require(field, "a string");
    if (!value.isString()) {
      throw bad(field, "a string", value);
    }
    return value.stringValue();
  }

  /** A string, or {@code otherwise} where the field is absent. */
  public String text(String field, String otherwise) {
    return has(field) ? text(field) : otherwise;
  }

  /** Whether the field is there and a number. */
  public boolean isNumber(String field) {
    return has(field) && node.get(field).isNumber();
  }

  /** A list of strings; empty where the field is absent. */
  public Optional<List<String>> texts(String field) {
    return list(field, "a list of strings", JsonNode::isString)
        .map(values -> values.stream().map(JsonNode::stringValue).toList());
  }

  /** A list of integers; empty where the field is absent. */
  public Optional<List<Integer>> integers(String field) {
    return list(field, "a list of integers", JsonNode::canConvertToInt)
        .map(values -> values.stream().map(JsonNode::intValue).toList());
  }

  /** A list of numbers; empty where the field is absent. */
  public Optional<List<Double>> numbers(String field) {
    return list(field, "a list of numbers", JsonNode::isNumber)
        .map(values -> values.stream().map(JsonNode::doubleValue).toList());
  }

  /** One integer for each of {@code count} layers: a list of that many, or a single one for all. */
  public List<Integer> integerPerLayer(String field, int count) {
    JsonNode value = require(field, "an integer or a list of them");
    List<Integer> values =
        value.isArray()
            ? integers(field).orElseThrow()
            : Collections.nCopies(count, integer(field));
    if (values.size() != count) {
      throw bad(field, count + " integers, one for each layer");
    }
    return values;
  }

  /** A nested object; empty where the field is absent. */
  public Optional<Config> object(String field) {
    if (!has(field)) {
      return Optional.empty();
    }
    JsonNode value = node.get(field);
    if (!value.isObject()) {
      throw bad(field, "an object", value);
    }
    return Optional.of(new Config(source, prefix + field + ".", value));
  }

  /** Fails unless the field is absent or equals one of the allowed values. */
  public void requireText(String field, String... allowed) {
    if (has(field) && !Arrays.asList(allowed).contains(text(field))) {
      throw bad(field, "one of " + String.join(", ", allowed), node.get(field));
    }
  }

  /** Fails unless the field is absent or has the only supported value. */
  public void requireFlag(String field, boolean only) {
    if (has(field) && flag(field, only) != only) {
      throw bad(field, String.valueOf(only), node.get(field));
    }
  }

  /** Fails unless the field is absent or has the only supported value. */
  public void requireNumber(String field, double only) {
    if (has(field) && number(field) != only) {
      throw bad(field, String.valueOf(only), node.get(field));
    }
  }

  /** Fails if the field is there: it changes the computation in a way that is not supported. */
  public void requireAbsent(String field) {
    if (has(field)) {
      throw bad(field, "no such field (it is not supported)", node.get(field));
    }
  }

  /** Fails if there is any field but these. */
  public void requireOnly(String... fields) {
    for (String field : node.propertyNames()) {
      if (!Arrays.asList(fields).contains(field)) {
        throw bad(field, "one of " + String.join(", ", fields));
      }
    }
  }

  /** The error for a field whose value cannot be used. */
  public JandaiaException bad(String field, String expected) {
    JsonNode value = node.get(field);
    return value == null
        ? new JandaiaException(
            "%s: %s%s: expected %s, found nothing".formatted(source, prefix, field, expected))
        : bad(field, expected, value);
  }

  private JandaiaException bad(String field, String expected, JsonNode found) {
    return new JandaiaException(
        "%s: %s%s: expected %s, found %s"
            .formatted(source, prefix, field, expected, describe(found)));
  }

  private JsonNode require(String field, String expected) {
    if (!has(field)) {
      throw bad(field, expected);
    }
    return node.get(field);
  }

  private Optional<List<JsonNode>> list(String field, String expected, Predicate<JsonNode> fits) {
    if (!has(field)) {
      return Optional.empty();
    }
    JsonNode value = node.get(field);
    List<JsonNode> elements = new ArrayList<>();
    value.forEach(elements::add);
    if (!value.isArray() || !elements.stream().allMatch(fits)) {
      throw bad(field, expected, value);
    }
    return Optional.of(elements);
  }

  private static String describe(JsonNode value) {
    String text = value.toString();
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
