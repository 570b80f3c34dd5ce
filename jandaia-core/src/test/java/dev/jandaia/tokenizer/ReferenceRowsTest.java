package dev.jandaia.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Small tokenizers of every kind against what the reference libraries make of them; {@code make.py}
 * beside the data wrote both.
 */
class ReferenceRowsTest {

  @TestFactory
  Stream<DynamicTest> smallTokenizersGiveTheReferenceIds() throws Exception {
    List<Path> files = rowFiles();
    assertTrue(files.size() >= 41, "row files: " + files.size());
    return files.stream().map(file -> DynamicTest.dynamicTest(stem(file), () -> compare(file)));
  }

  private static void compare(Path rows) {
    Path json = rows.resolveSibling(stem(rows) + ".json");
    Path file = Files.exists(json) ? json : rows.resolveSibling(stem(rows) + ".model");
    Tokenizer tokenizer = Tokenizers.fromFile(file);
    for (JsonNode row : JsonMapper.shared().readTree(rows.toFile())) {
      compare(row, tokenizer);
    }
  }

  private static void compare(JsonNode row, Tokenizer tokenizer) {
    String text = row.get("text").asString();
    String shown = "<" + JsonMapper.shared().writeValueAsString(text) + ">";
    int[] literal = ids(row.get("literal"));
    assertArrayEquals(literal, tokenizer.encode(text), shown);
    JsonNode markup = row.get("markup");
    if (markup != null) {
      assertArrayEquals(ids(markup), tokenizer.encode(text, Specials.MARKUP), "markup " + shown);
    }
    JsonNode frame = row.get("frame");
    if (frame != null) {
      int[] prompt = tokenizer.encode(text, Specials.PROMPT);
      assertEquals(frame.get(0).asInt(), prompt.length - literal.length, "framed " + shown);
      assertEquals(frame.get(1).get(0).asInt(), prompt[0], "first of " + shown);
      assertEquals(frame.get(2).get(0).asInt(), prompt[prompt.length - 1], "last of " + shown);
    }
    JsonNode decoded = row.get("decoded");
    if (decoded != null) {
      assertEquals(decoded.asString(), tokenizer.decode(literal), "decoded " + shown);
    }
  }

  private static int[] ids(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  private static String stem(Path file) {
    return file.getFileName().toString().replace(".rows.json", "");
  }

  private static List<Path> rowFiles() throws IOException, URISyntaxException {
    Path directory = Path.of(ReferenceRowsTest.class.getResource("/tokenizers").toURI());
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".rows.json")).sorted().toList();
    }
  }
}
