package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model split over several files: {@code NAME-00001-of-0000N.gguf}, each stating its number.
 *
 * @param stem the path up to the part number
 * @param count the number of files
 * @param tensors how many tensors they hold together, -1 when not stated
 */
record GgufParts(String stem, int count, long tensors) {
  private static final String NUMBER = "split.no";
  private static final String COUNT = "split.count";
  private static final String TENSORS = "split.tensors.count";
  private static final Pattern NAME =
      Pattern.compile("(.*-)\\d{5}-of-(\\d{5})\\.gguf", Pattern.DOTALL);

  static GgufParts of(String origin, Map<String, GgufValue> metadata) {
    long count = number(metadata, COUNT, 1);
    if (count <= 1) {
      return new GgufParts(origin, 1, -1);
    }
    Matcher name = NAME.matcher(origin);
    if (!name.matches() || Integer.parseInt(name.group(2)) != count) {
      throw new JandaiaException(
          "%s: %s: expected a file named NAME-00001-of-%05d.gguf for a model in %d parts"
              .formatted(origin, COUNT, count, count));
    }
    return new GgufParts(name.group(1), (int) count, number(metadata, TENSORS, -1));
  }

  private static long number(Map<String, GgufValue> metadata, String key, long otherwise) {
    GgufValue value = metadata.get(key);
    return value != null && value.value() instanceof Long number ? number : otherwise;
  }

  boolean isWhole() {
    return count == 1;
  }

  Path path(int part) {
    return Path.of("%s%05d-of-%05d.gguf".formatted(stem, part + 1, count));
  }

  void requirePart(int part, String origin, Map<String, GgufValue> metadata) {
    long found = number(metadata, NUMBER, -1);
    if (found != part || number(metadata, COUNT, -1) != count) {
      throw new JandaiaException(
          "%s: %s: expected part %d of %d, found %d".formatted(origin, NUMBER, part, count, found));
    }
  }

  void requireTensors(String origin, int found) {
    if (tensors >= 0 && tensors != found) {
      throw new JandaiaException(
          "%s: %s: expected %d tensors in all parts, found %d"
              .formatted(origin, TENSORS, tensors, found));
    }
  }
}
