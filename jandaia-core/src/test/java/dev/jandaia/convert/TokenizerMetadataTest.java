package dev.jandaia.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.tokenizer.Specials;
import dev.jandaia.tokenizer.Tokenizer;
import dev.jandaia.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The small tokenizers of the tokenizer tests, each shaped as a published one. */
class TokenizerMetadataTest {
  static final Path RESOURCES = Path.of("src/test/resources/tokenizers");

  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "gpt2, gpt2",
    "llama3, gpt2",
    "qwen2, gpt2",
    "o200k, gpt2",
    "deepseek3, gpt2",
    "deepseek-coder, gpt2",
    "falcon, gpt2",
    "llama2, llama"
  })
  void ggufTokenizerReadsTheSame(String name, String kind) throws IOException {
    List<String> notes = new ArrayList<>();
    Tokenizer original = copied(name, temporary);

    Map<String, GgufValue> metadata =
        TokenizerMetadata.of(temporary, original.vocabSize() + 3, notes::add);

    assertReadsTheSame(kind, original, metadata, notes);
  }

  private static void assertReadsTheSame(
      String kind, Tokenizer original, Map<String, GgufValue> metadata, List<String> notes) {
    assertEquals(List.of(), notes);
    assertEquals(kind, metadata.get("tokenizer.ggml.model").value());
    Map<String, Object> plain = new LinkedHashMap<>();
    metadata.forEach((key, value) -> plain.put(key, value.value()));
    Tokenizer rewritten = Tokenizers.fromGguf(plain);
    assertEquals(original.vocabSize() + 3, rewritten.vocabSize());
    for (String text : texts()) {
      for (Specials specials : Specials.values()) {
        int[] ids = original.encode(text, specials);
        assertArrayEquals(ids, rewritten.encode(text, specials), text);
        assertEquals(original.decode(ids), rewritten.decode(ids), text);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"sp-bpe, llama", "sp-bpe-bare, llama"})
  void sentencePieceIsCarriedOver(String name, String kind) throws IOException {
    Files.copy(RESOURCES.resolve(name + ".model"), temporary.resolve("tokenizer.model"));
    List<String> notes = new ArrayList<>();
    Tokenizer original = Tokenizers.fromDirectory(temporary);

    Map<String, GgufValue> metadata =
        TokenizerMetadata.of(temporary, original.vocabSize() + 3, notes::add);

    assertReadsTheSame(kind, original, metadata, notes);
  }

  @Test
  void ranksOfTekkenBecomeMerges() throws IOException {
    writeTekken(copied("tekken", temporary));
    Files.delete(temporary.resolve("tokenizer.json"));
    List<String> notes = new ArrayList<>();
    Tokenizer original = Tokenizers.fromDirectory(temporary);

    Map<String, GgufValue> metadata =
        TokenizerMetadata.of(temporary, original.vocabSize() + 3, notes::add);

    assertReadsTheSame("gpt2", original, metadata, notes);
    assertEquals("tekken", metadata.get("tokenizer.ggml.pre").value());
  }

  /** The bytes and merges of a tokenizer.json of the same kind, as Mistral writes them. */
  private void writeTekken(Tokenizer source) throws IOException {
    JsonNode json =
        JsonMapper.shared().readTree(Files.readString(temporary.resolve("tokenizer.json")));
    String pattern = json.at("/pre_tokenizer/pretokenizers/0/pattern/Regex").asString();
    ObjectNode tekken = JsonMapper.shared().createObjectNode();
    ArrayNode vocab = tekken.putArray("vocab");
    for (int id = 0; id < source.vocabSize(); id++) {
      if (!source.isSpecial(id)) {
        vocab
            .addObject()
            .put("rank", vocab.size() - 1)
            .put("token_bytes", Base64.getEncoder().encodeToString(source.bytes(id)));
      }
    }
    tekken
        .putObject("config")
        .put("pattern", pattern)
        .put("default_vocab_size", vocab.size() + 20)
        .put("default_num_special_tokens", 20);
    Files.writeString(temporary.resolve("tekken.json"), tekken.toString());
  }

  /** Words, numbers, signs and spaces in any order. */
  static List<String> texts() {
    Random random = new Random(7);
    String[] parts = {
      "the", "The", "HTTP", "é", "ção", "'s", "'RE", "12", "3456", " ", "  ", "\n", "\r\n", "\t",
      "!", "://", "_", "…", "日本", "한국", "привет", "🙂", "a", "Z", "<", "/", "\"", "$"
    };
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      int count = 1 + random.nextInt(12);
      for (int j = 0; j < count; j++) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      texts.add(text.toString());
    }
    return texts;
  }

  @Test
  void whatCannotBeProvenIsLeftBehindAloud() throws IOException {
    List<String> notes = new ArrayList<>();
    Tokenizer original = copied("wordpiece", temporary);

    assertEquals(Map.of(), TokenizerMetadata.of(temporary, original.vocabSize(), notes::add));
    assertEquals(1, notes.size());
    assertTrue(notes.getFirst().contains("left behind"), notes.getFirst());
  }

  @Test
  void missingTokenizerIsSaidAloud() {
    List<String> notes = new ArrayList<>();

    assertEquals(Map.of(), TokenizerMetadata.of(temporary, 10, notes::add));
    assertTrue(notes.getFirst().contains("no tokenizer.json"), notes.getFirst());
  }

  /** Without added tokens of kinds that GGUF has no words for. */
  static Tokenizer copied(String name, Path directory) throws IOException {
    ObjectNode json =
        (ObjectNode)
            JsonMapper.shared().readTree(Files.readString(RESOURCES.resolve(name + ".json")));
    ArrayNode kept = JsonMapper.shared().createArrayNode();
    for (JsonNode token : json.path("added_tokens")) {
      boolean odd =
          Stream.of("single_word", "lstrip", "rstrip", "normalized")
              .anyMatch(flag -> token.path(flag).asBoolean(false));
      if (!odd) {
        kept.add(token);
      }
    }
    json.set("added_tokens", kept);
    Files.writeString(directory.resolve("tokenizer.json"), json.toString());
    return Tokenizers.fromDirectory(directory);
  }

  @Test
  void tokenThatGgufCannotExpressIsNoticed() throws IOException {
    Files.copy(RESOURCES.resolve("qwen2.json"), temporary.resolve("tokenizer.json"));
    List<String> notes = new ArrayList<>();

    assertEquals(Map.of(), TokenizerMetadata.of(temporary, 10_000, notes::add));
    assertTrue(notes.getFirst().contains("left behind"), notes.getFirst());
  }
}
