package dev.jandaia.atlas;

import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Published configurations that come with the program, by name: {@code deepseek-v3}. */
public final class Gallery {
  private static final String FOLDER = "gallery/";

  private static final Map<String, JsonNode> ENTRIES = entries();

  private Gallery() {}

  /**
   * What is published about a model.
   *
   * @param parameters in total, as the publisher rounds them
   * @param active per token, likewise; empty for dense models
   * @param uncertain what could not be confirmed against the released file
   */
  public record Published(
      OptionalDouble parameters, OptionalDouble active, List<String> uncertain) {}

  /** The names of all entries. */
  public static List<String> names() {
    return List.copyOf(ENTRIES.keySet());
  }

  /** Whether there is an entry of that name, in any case. */
  public static boolean contains(String name) {
    return ENTRIES.containsKey(name.toLowerCase(Locale.ROOT));
  }

  /** Whether the family of that entry is built, so that {@link #spec} will answer. */
  public static boolean isBuilt(String name) {
    return Families.isKnown(config(name).modelType());
  }

  /**
   * The published configuration of that name.
   *
   * @throws JandaiaException if there is none
   */
  public static Config config(String name) {
    String entry = require(name);
    return Config.parse(entry, text(FOLDER + entry + ".json"));
  }

  /**
   * The architecture of that name.
   *
   * @throws JandaiaException if there is none, or its family is not built
   */
  public static ModelSpec spec(String name) {
    Config config = config(name);
    if (!Families.isKnown(config.modelType())) {
      throw new JandaiaException(
          "%s: its family %s is not built yet".formatted(config.source(), config.modelType()));
    }
    return Families.spec(config);
  }

  /**
   * The architecture of that name with other values for some fields of its config.json: what the
   * model would be with as many key/value heads as query heads, say.
   */
  public static ModelSpec variant(String name, Map<String, ?> changes) {
    String entry = require(name);
    ObjectNode config = (ObjectNode) JsonMapper.shared().readTree(text(FOLDER + entry + ".json"));
    changes.forEach((field, value) -> config.set(field, JsonMapper.shared().valueToTree(value)));
    return Families.spec(Config.of(entry + ", changed", config));
  }

  /** What is published about the entry of that name. */
  public static Published published(String name) {
    JsonNode entry = ENTRIES.get(require(name));
    List<String> uncertain =
        entry.path("uncertain").valueStream().map(JsonNode::stringValue).toList();
    return new Published(
        number(entry, "published_total"), number(entry, "published_active"), uncertain);
  }

  private static OptionalDouble number(JsonNode entry, String field) {
    JsonNode value = entry.path(field);
    return value.isNumber() ? OptionalDouble.of(value.doubleValue()) : OptionalDouble.empty();
  }

  private static String require(String name) {
    if (!contains(name)) {
      throw new JandaiaException(
          "%s: expected a name of the gallery (%s)".formatted(name, String.join(", ", names())));
    }
    return name.toLowerCase(Locale.ROOT);
  }

  private static Map<String, JsonNode> entries() {
    Map<String, JsonNode> entries = new LinkedHashMap<>();
    JsonNode summary = JsonMapper.shared().readTree(text(FOLDER + "summary.json"));
    summary.get("models").forEach(entry -> entries.put(entry.get("model").stringValue(), entry));
    return entries;
  }

  private static String text(String resource) {
    try (InputStream in = Gallery.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + ": not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
