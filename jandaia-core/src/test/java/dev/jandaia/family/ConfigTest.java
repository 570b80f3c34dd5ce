package dev.jandaia.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Span;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConfigTest {
  private static final String LLAMA =
      """
      {"model_type":"llama","vocab_size":10,"hidden_size":12,"intermediate_size":8,
       "num_hidden_layers":2,"num_attention_heads":3,"rms_norm_eps":1e-5}\
      """;

  @Test
  void unknownFamilyListsTheKnownOnes() {
    assertFails(
        LLAMA.replace("llama", "lama"),
        "model_type: expected one of cohere2, deepseek_v2, deepseek_v3,",
        "found \"lama\"");
  }

  @Test
  void badFieldsAreNamedWithWhatWasExpectedAndFound() {
    assertFails(
        LLAMA.replace("\"hidden_size\":12,", ""), "hidden_size: expected an integer, found");
    assertFails(LLAMA.replace("12", "12.5"), "hidden_size: expected an integer, found 12.5");
    assertFails(LLAMA.replace("12", "\"12\""), "hidden_size: expected an integer, found \"12\"");
    assertFails(
        LLAMA.replace("12", "13"), "num_attention_heads: expected a divisor of hidden_size");
    assertFails(LLAMA.replace("1e-5", "[]"), "rms_norm_eps: expected a finite number, found []");
    assertFails(LLAMA.replace("1e-5", "-1"), "norm.epsilon: expected a finite number >= 0");
    assertFails(with("\"hidden_act\":\"mish\""), "hidden_act: expected one of silu,", "\"mish\"");
    assertFails(with("\"tie_word_embeddings\":1"), "tie_word_embeddings: expected true or false");
    assertFails(
        with("\"rope_scaling\":{\"type\":\"dynamic\",\"factor\":2}"),
        "rope_scaling.type: expected one of default, linear, llama3, yarn, longrope, found"
            + " \"dynamic\"");
    assertFails(
        with("\"rope_parameters\":{\"rope_type\":\"linear\"}"),
        "rope_parameters.factor: expected a number, found nothing");
    assertFails(with("\"partial_rotary_factor\":0.5"), "partial_rotary_factor: expected 1.0");
    assertFails(
        LLAMA.replace("layers\":2", "layers\":0"), "num_hidden_layers: expected a positive");
    assertFails(LLAMA.replace("layers\":2", "layers\":-1"), "num_hidden_layers: expected a posit");
    assertFails("[1]", "expected a JSON object, found [1]");
    assertFails("{", "not valid JSON");
  }

  @Test
  void nullCountsAsAbsent() {
    ModelSpec spec = spec(with("\"head_dim\":null,\"num_key_value_heads\":null"));
    GroupedQueryAttention attention = (GroupedQueryAttention) spec.blocks().getFirst().mixer();
    assertEquals(4, attention.headDim());
    assertEquals(3, attention.numKvHeads());
  }

  @Test
  void yarnFactorsFollowTheirDefaults() {
    assertEquals(0.1 * Math.log(4) + 1, yarn("\"factor\":4").attentionFactor());
    assertEquals(1.5, yarn("\"factor\":4,\"attention_factor\":1.5").attentionFactor());
    assertEquals(
        (0.1 * 2 * Math.log(4) + 1) / (0.1 * 3 * Math.log(4) + 1),
        yarn("\"factor\":4,\"mscale\":2,\"mscale_all_dim\":3").attentionFactor(),
        1e-15);
    assertEquals(2048, yarn("\"factor\":4").originalContext());
    assertEquals(4, yarn("\"factor\":null,\"original_max_position_embeddings\":512").factor());
  }

  @Test
  void gemma3WithEyesIsItsTextPart() {
    ModelSpec spec =
        spec(
            """
            {"model_type":"gemma3","vision_config":{},"text_config":{"hidden_size":16,
             "intermediate_size":8,"num_hidden_layers":6,"sliding_window":4,
             "rope_scaling":{"factor":8.0,"rope_type":"linear"}}}\
            """);
    assertEquals("gemma3_text", spec.family());
    assertEquals(262_208, spec.vocabSize());
    GroupedQueryAttention local = (GroupedQueryAttention) spec.blocks().getFirst().mixer();
    GroupedQueryAttention global = (GroupedQueryAttention) spec.blocks().getLast().mixer();
    assertEquals(new Span.Sliding(4), local.span());
    assertEquals(10_000, ((Position.Rotary) local.position()).theta());
    assertEquals(RopeScaling.NONE, ((Position.Rotary) local.position()).scaling());
    assertEquals(new RopeScaling.Linear(8), ((Position.Rotary) global.position()).scaling());
  }

  @Test
  void qwenWindowsNeedTheirFlag() {
    String qwen = LLAMA.replace("llama", "qwen2").replace("1e-5", "1e-5,\"max_window_layers\":1");
    assertEquals(List.of(Span.FULL, Span.FULL), spans(spec(qwen)));
    String windows = "1,\"use_sliding_window\":true,\"sliding_window\":7}";
    assertEquals(List.of(Span.FULL, new Span.Sliding(7)), spans(spec(qwen.replace("1}", windows))));
  }

  @Test
  void brokenConfigsAreRefusedAndNothingElse() throws IOException {
    Random random = new Random(11);
    for (String file : List.of("gpt-oss-20b.json", "deepseek-v2-lite.json", "gemma-3-4b.json")) {
      String json = Files.readString(Goldens.file("public_configs").resolve(file));
      int refused = 0;
      for (int i = 0; i < 1000; i++) {
        StringBuilder broken = new StringBuilder(json);
        int at = random.nextInt(json.length());
        if (random.nextBoolean()) {
          broken.setCharAt(at, "{}[]\",:019-e".charAt(random.nextInt(12)));
        } else {
          broken.deleteCharAt(at);
        }
        try {
          Families.spec(Config.parse("fuzz", broken.toString()));
        } catch (JandaiaException e) {
          refused++;
          assertTrue(e.getMessage().startsWith("fuzz: "), e.getMessage());
        }
      }
      assertTrue(refused > 300, "refused only " + refused);
    }
  }

  private static List<Span> spans(ModelSpec spec) {
    return spec.blocks().stream()
        .map(block -> ((GroupedQueryAttention) block.mixer()).span())
        .toList();
  }

  private static RopeScaling.Yarn yarn(String fields) {
    String json = with("\"rope_scaling\":{\"type\":\"yarn\",%s}".formatted(fields));
    GroupedQueryAttention attention =
        (GroupedQueryAttention) spec(json).blocks().getFirst().mixer();
    return (RopeScaling.Yarn) ((Position.Rotary) attention.position()).scaling();
  }

  private static String with(String field) {
    return LLAMA.replace("1e-5", "1e-5," + field);
  }

  private static ModelSpec spec(String json) {
    return Families.spec(Config.parse("config.json", json));
  }

  private static void assertFails(String json, String... parts) {
    JandaiaException e = assertThrows(JandaiaException.class, () -> spec(json));
    assertTrue(e.getMessage().startsWith("config.json: "), e.getMessage());
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }
}
