package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code model.safetensors.index.json}: which shard holds which tensor. */
record ShardIndex(Map<String, String> weightMap) {
  static final String FILE_NAME = "model.safetensors.index.json";
  static final String WEIGHT_MAP = "weight_map";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  static ShardIndex read(Path path) {
    JsonNode map = json(path).path(WEIGHT_MAP);
    if (!map.isObject() || map.isEmpty()) {
      throw new JandaiaException(
          path + ": " + WEIGHT_MAP + ": expected tensor names and files, found none");
    }
    Map<String, String> weightMap = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      weightMap.put(entry.getKey(), fileName(path, entry.getKey(), entry.getValue()));
    }
    return new ShardIndex(weightMap);
  }

  private static JsonNode json(Path path) {
    try {
      return JSON.readTree(path.toFile());
    } catch (JacksonException e) {
      throw new JandaiaException(
          path + ": expected JSON, found an error: " + e.getOriginalMessage(), e);
    }
  }

  /** A plain name: an index must not reach files outside its directory. */
  private static String fileName(Path path, String tensor, JsonNode node) {
    String name = node.isString() ? node.stringValue() : "";
    if (!name.matches("[\\w-][\\w.-]*")) {
      throw new JandaiaException(
          "%s: %s %s: expected a file name, found %s"
              .formatted(path, WEIGHT_MAP, Text.quote(tensor), Text.quote(node.toString())));
    }
    return name;
  }

  Set<String> names() {
    return weightMap.keySet();
  }

  /** The shards in the order of their names. */
  Set<String> files() {
    return new TreeSet<>(weightMap.values());
  }

  /** The shard of a tensor; empty when the index does not list it. */
  String fileOf(String tensor) {
    return weightMap.getOrDefault(tensor, "");
  }
}
