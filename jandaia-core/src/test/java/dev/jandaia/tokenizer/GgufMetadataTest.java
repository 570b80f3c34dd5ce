package dev.jandaia.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GgufMetadataTest {

  /** The named patterns must cut as the reference does with the patterns spelled out. */
  @ParameterizedTest
  @CsvSource({
    "gpt2, gpt-2",
    "llama3, llama-bpe",
    "tekken, tekken",
    "o200k, gpt-4o",
    "deepseek3, deepseek-v3",
    "deepseek-coder, deepseek-coder",
    "starcoder, starcoder",
    "falcon, falcon"
  })
  void namedPatternsCutAsTheReference(String resource, String pre) {
    JsonNode file = json(resource + ".json");
    Map<String, Object> metadata = metadata(file);
    metadata.put("tokenizer.ggml.pre", pre);
    Tokenizer tokenizer = Tokenizers.fromGguf(metadata);
    for (JsonNode row : json(resource + ".rows.json")) {
      String text = row.get("text").asString();
      int[] ids = row.get("literal").valueStream().mapToInt(JsonNode::asInt).toArray();
      assertArrayEquals(ids, tokenizer.encode(text), text);
    }
  }

  @Test
  void rolesComeFromTheirEntries() {
    Map<String, Object> metadata = metadata(json("gpt2.json"));
    metadata.put("tokenizer.ggml.pre", "qwen2");
    metadata.put("tokenizer.ggml.bos_token_id", 0L);
    metadata.put("tokenizer.ggml.eos_token_id", 1L);
    metadata.put("tokenizer.ggml.add_bos_token", true);
    metadata.put("tokenizer.chat_template", "{{ messages }}");
    Tokenizer tokenizer = Tokenizers.fromGguf(metadata);
    assertEquals(OptionalInt.of(0), tokenizer.bosId());
    assertEquals(OptionalInt.of(1), tokenizer.eosId());
    assertEquals(Set.of(1, 2), tokenizer.endOfGeneration());
    assertEquals(0, tokenizer.encode("a", Specials.PROMPT)[0]);
    assertEquals("{{ messages }}", tokenizer.chatTemplate().orElseThrow());
  }

  @Test
  void unknownPreTokenizerNamesTheKnownOnes() {
    Map<String, Object> metadata = metadata(json("gpt2.json"));
    metadata.put("tokenizer.ggml.pre", "no-such-thing");
    String message =
        assertThrows(JandaiaException.class, () -> Tokenizers.fromGguf(metadata)).getMessage();
    assertTrue(message.contains("no-such-thing") && message.contains("llama-bpe"), message);
  }

  @Test
  void wrongEntriesAreNamed() {
    for (String key : List.of("model", "tokens", "token_type", "merges", "bos_token_id", "pre")) {
      Map<String, Object> metadata = metadata(json("gpt2.json"));
      metadata.put("tokenizer.ggml.pre", "gpt-2");
      metadata.put("tokenizer.ggml." + key, -5.5);
      String message =
          assertThrows(JandaiaException.class, () -> Tokenizers.fromGguf(metadata)).getMessage();
      assertTrue(message.startsWith("tokenizer.ggml." + key), message);
    }
  }

  private static Map<String, Object> metadata(JsonNode file) {
    JsonNode model = file.get("model");
    String[] tokens = new String[model.get("vocab").size() + beyond(file)];
    model.get("vocab").properties().forEach(e -> tokens[e.getValue().asInt()] = e.getKey());
    long[] types = new long[tokens.length];
    Arrays.fill(types, 1);
    for (JsonNode added : file.get("added_tokens")) {
      tokens[added.get("id").asInt()] = added.get("content").asString();
      types[added.get("id").asInt()] = added.get("special").asBoolean() ? 3 : 4;
    }
    List<String> merges = new ArrayList<>();
    for (JsonNode merge : model.get("merges")) {
      merges.add(merge.get(0).asString() + " " + merge.get(1).asString());
    }
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("tokenizer.ggml.model", "gpt2");
    metadata.put("tokenizer.ggml.tokens", tokens);
    metadata.put("tokenizer.ggml.token_type", types);
    metadata.put("tokenizer.ggml.merges", merges.toArray(String[]::new));
    return metadata;
  }

  /** How many added tokens are not in the model's own vocabulary. */
  private static int beyond(JsonNode file) {
    JsonNode vocab = file.get("model").get("vocab");
    return (int)
        file.get("added_tokens")
            .valueStream()
            .filter(token -> !vocab.has(token.get("content").asString()))
            .count();
  }

  private static JsonNode json(String name) {
    return JsonMapper.shared()
        .readTree(GgufMetadataTest.class.getResourceAsStream("/tokenizers/" + name));
  }
}
