package dev.jandaia.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.checkpoint.GgufFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real vocabularies of the data that lies beside a checkout, every row of them. */
class SharedTokenizersTest {
  private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

  @TestFactory
  Stream<DynamicTest> ggufVocabulariesGiveTheListedIds() throws IOException {
    Path directory = shared("tokenizers");
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(file -> file.toString().endsWith(".gguf")).sorted().toList();
    }
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> rows(file)));
  }

  private static void rows(Path file) throws IOException {
    Tokenizer tokenizer = gguf(file);
    String stem = file.toString().replace(".gguf", "");
    // Each text is followed by the separator, the last one too.
    String[] texts = (Files.readString(Path.of(stem + ".inp")) + "|").split(SEPARATOR, -1);
    texts = Arrays.copyOf(texts, texts.length - 1);
    List<String> rows = Files.readAllLines(Path.of(stem + ".out"));
    assertEquals(rows.size(), texts.length, "texts and rows");
    for (int i = 0; i < texts.length; i++) {
      int[] expected =
          Arrays.stream(rows.get(i).strip().split(" "))
              .filter(id -> !id.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
      assertArrayEquals(expected, tokenizer.encode(texts[i]), "row " + i + " <" + texts[i] + ">");
      assertEquals(texts[i], tokenizer.decode(expected), "decoded row " + i);
    }
  }

  @Test
  void dreamsPromptsGiveTheListedIds() throws IOException {
    Path directory = shared("models/dreams-260k");
    Tokenizer tokenizer = gguf(directory.resolve("dreams-260k-f32.gguf"));
    JsonNode cases = json(directory.resolve("expected.json")).get("cases");
    for (JsonNode row : cases) {
      String prompt = row.get("prompt").asString();
      int[] ids = ids(row.get("prompt_ids"));
      assertArrayEquals(ids, tokenizer.encode(prompt, Specials.PROMPT), prompt);
      StreamingDecoder decoder = tokenizer.streamingDecoder();
      StringBuilder text = new StringBuilder();
      for (int id : ids(row.get("greedy_ids"))) {
        text.append(decoder.accept(id));
      }
      assertEquals(row.get("text").asString(), text.append(decoder.flush()).toString());
    }
  }

  @Test
  void tekkenGivesTheListedRanks(@TempDir Path directory) throws IOException {
    Path shared = shared("tokenizers");
    Path file = directory.resolve("tekken.json");
    try (InputStream in =
            new GZIPInputStream(Files.newInputStream(shared.resolve("tekken_240911.json.gz")));
        OutputStream out = Files.newOutputStream(file)) {
      in.transferTo(out);
    }
    Tokenizer tokenizer = Tokenizers.fromDirectory(directory);
    Tokenizer ranks = Tokenizers.tekkenRanks(file);
    assertEquals(131072, tokenizer.vocabSize());
    for (JsonNode row : json(shared.resolve("tekken.expected.json"))) {
      String text = row.get("text").asString();
      assertArrayEquals(ids(row.get("ids")), ranks.encode(text), text);
      // In a model the ids of text begin after the 1000 control tokens.
      int[] expected = Arrays.stream(ids(row.get("ids"))).map(rank -> rank + 1000).toArray();
      assertArrayEquals(expected, tokenizer.encode(text), text);
      assertEquals(text, tokenizer.decode(expected));
    }
  }

  private static Tokenizer gguf(Path file) throws IOException {
    try (GgufFile gguf = GgufFile.open(file)) {
      return Tokenizers.fromGguf(gguf.metadata());
    }
  }

  private static JsonNode json(Path file) {
    return JsonMapper.shared().readTree(file.toFile());
  }

  private static int[] ids(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  private static Path shared(String name) {
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      Path candidate = up.resolve("../shared").resolve(name);
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    System.out.println("SKIPPED: ../shared/" + name + " is absent");
    Assumptions.abort("../shared/" + name + " is absent");
    throw new AssertionError();
  }
}
