package dev.jandaia.convert;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON objects from files. */
final class JsonFiles {
  private JsonFiles() {}

  /**
   * Reads one.
   *
   * @throws JandaiaException if the file cannot be read or holds something else
   */
  static ObjectNode read(Path file) {
    try {
      JsonNode root = JsonMapper.shared().readTree(Files.readString(file));
      if (root instanceof ObjectNode object) {
        return object;
      }
      throw new JandaiaException(file + ": expected a JSON object, found " + root.getNodeType());
    } catch (JacksonException e) {
      throw new JandaiaException(file + ": not valid JSON (" + e.getOriginalMessage() + ")", e);
    } catch (IOException e) {
      throw new JandaiaException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }
}
