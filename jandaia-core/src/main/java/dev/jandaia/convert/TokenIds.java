package dev.jandaia.convert;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.checkpoint.WeightSource;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The ids of the tokens that begin and end a text, which {@code config.json} has beside the
 * architecture.
 */
final class TokenIds {
  private static final List<String> FIELDS = List.of("bos_token_id", "eos_token_id");

  private TokenIds() {}

  /** Adds those that the model at {@code from} says to {@code config}. */
  static void copy(Path from, WeightSource source, ObjectNode config) {
    if (source instanceof GgufFile file) {
      for (String field : FIELDS) {
        if (file.metadata().get("tokenizer.ggml." + field) instanceof Number id) {
          config.put(field, id.intValue());
        }
      }
      return;
    }
    ObjectNode stored = JsonFiles.read(from.resolve("config.json"));
    for (String field : FIELDS) {
      // Models of more than text have them among what is of the text.
      JsonNode ids = stored.has(field) ? stored.get(field) : stored.at("/text_config/" + field);
      if (!ids.isMissingNode()) {
        config.set(field, ids);
      }
    }
  }
}
