package dev.jandaia.cli;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.tensor.JandaiaException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Token ids as they are written on command lines and in files. */
final class TokenRows {
  private TokenRows() {}

  /** Ids separated by commas or spaces. */
  static int[] parse(String text) {
    String[] words = text.strip().split("[\\s,]+");
    int[] ids = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      try {
        ids[i] = Integer.parseInt(words[i]);
      } catch (NumberFormatException e) {
        throw new UsageException(
            "--ids: expected token ids like 1,2,3, found \"%s\"".formatted(words[i]), e);
      }
    }
    return ids;
  }

  /** A JSON file with a list of rows: {@code [[1, 2, 3], [4, 5]]}. */
  static int[][] read(Path file) {
    JsonNode root = JsonFile.read(file);
    if (!root.isArray() || root.isEmpty()) {
      throw notRows(file, root);
    }
    return root.valueStream().map(row -> row(file, row)).toArray(int[][]::new);
  }

  private static int[] row(Path file, JsonNode row) {
    if (!row.isArray() || row.isEmpty()) {
      throw notRows(file, row);
    }
    return row.valueStream().mapToInt(id -> id(file, id)).toArray();
  }

  private static int id(Path file, JsonNode id) {
    if (!id.isIntegralNumber() || !id.canConvertToInt()) {
      throw notRows(file, id);
    }
    return id.intValue();
  }

  private static JandaiaException notRows(Path file, JsonNode found) {
    String text = found.toString();
    return new JandaiaException(
        "%s: expected rows of token ids like [[1, 2, 3], [4, 5]], found %s"
            .formatted(file, text.length() <= 40 ? text : text.substring(0, 40) + "..."));
  }

  /** Refuses ids that the model has no embedding for. */
  static void requireKnown(ModelSpec spec, int[]... rows) {
    for (int[] row : rows) {
      for (int id : row) {
        if (id < 0 || id >= spec.vocabSize()) {
          throw new JandaiaException(
              "ids: expected 0 to %d, found %d".formatted(spec.vocabSize() - 1, id));
        }
      }
    }
  }

  /** Ids on one line, separated by spaces. */
  static String line(int[] ids) {
    return Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" "));
  }
}
