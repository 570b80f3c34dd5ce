package dev.jandaia.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.count.CacheCount;
import dev.jandaia.spec.count.ParameterCount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parameter and cache counts equal those of the reference implementation, to the last unit. */
class CountingGoldenTest {
  private static final Path PUBLIC = Goldens.file("public_configs");

  @TestFactory
  Stream<DynamicTest> publishedModelsCountExactly() {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode expected : json(PUBLIC.resolve("summary.json")).get("models")) {
      String model = expected.get("model").stringValue();
      Config config = Config.read(PUBLIC.resolve(model + ".json"));
      if (isKnown(model, config)) {
        tests.add(DynamicTest.dynamicTest(model, () -> assertCounts(expected, config)));
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> randomModelsCountExactly() {
    List<DynamicTest> tests = new ArrayList<>();
    JsonNode cases = json(Goldens.file("param_counts/random_configs.json")).get("cases");
    for (int i = 0; i < cases.size(); i++) {
      JsonNode expected = cases.get(i);
      String name = "random config " + i;
      Config config = Config.of(name, expected.get("config"));
      if (isKnown(name, config)) {
        tests.add(DynamicTest.dynamicTest(name, () -> assertCounts(expected, config)));
      }
    }
    assertTrue(!tests.isEmpty(), "no random config is of a family built here");
    return tests.stream();
  }

  @Test
  void latentAttentionCachesWhatTheDeepseekPaperSays() {
    List<Long> elements =
        List.of(
            perToken(attentionOnly("llama", 27, 16, 128)),
            perToken(latent(27)),
            perToken(attentionOnly("llama", 60, 56, 128)),
            perToken(latent(60)));
    List<Long> published = new ArrayList<>();
    json(PUBLIC.resolve("mla_vs_mha_table.json"))
        .get("rows")
        .forEach(row -> published.add(row.get("elements").longValue()));
    assertEquals(published, elements);
  }

  @Test
  void windowsAndGroupsShrinkTheCacheAsTheNotesSay() {
    assertEquals(17.18, gigabytes(32, ""), 0.005);
    assertEquals(4.29, gigabytes(8, ""), 0.005);
    assertEquals(3.14, gigabytes(32, "sliding"), 0.005);
    assertEquals(0.78, gigabytes(8, "sliding"), 0.005);
  }

  /**
   * DeepSeek-V3's authors give 11.5B, which leaves the projection out, beside 671B; with copies of
   * both tables the files hold 685B. GLM-4.5's 355B are with its module and without both tables.
   */
  @Test
  void modulesForFurtherTokensCountBesideTheTotal() {
    ParameterCount deepseek = published("deepseek-v3");
    assertEquals(11.5e9, deepseek.prediction() - 2.0 * 7168 * 7168, 0.05e9);
    assertEquals(671e9, deepseek.total(), 0.5e9);
    long tables = deepseek.embedding() + deepseek.head();
    assertEquals(685e9, deepseek.total() + deepseek.prediction() + tables, 0.6e9);
    ParameterCount glm = published("glm-4.5");
    assertEquals(355e9, glm.withoutEmbedding() + glm.prediction(), 0.5e9);
    assertTrue(glm.prediction() > 3e9);
    assertEquals(0, published("kimi-k2").prediction());
  }

  private static ParameterCount published(String model) {
    return ParameterCount.of(Families.spec(Config.read(PUBLIC.resolve(model + ".json"))));
  }

  @Test
  void gpt2XlCaches300KibibytesPerToken() {
    ModelSpec spec =
        Families.spec(
            Config.parse(
                "gpt2-xl",
                """
                {"model_type":"gpt2","n_embd":1600,"n_head":25,"n_layer":48,"n_positions":1024,
                 "vocab_size":50257}\
                """));
    assertEquals(300 * 1024, CacheCount.of(spec).bytesPerToken(2));
    assertEquals(1_557_611_200, ParameterCount.of(spec).total());
  }

  private static void assertCounts(JsonNode expected, Config config) {
    ModelSpec spec = Families.spec(config);
    ParameterCount count = ParameterCount.of(spec);
    Map.of(
            "total_params_meta", count.total(),
            "active_params_meta", count.active(),
            "routed_expert_params", count.routedExperts(),
            "embedding_params", count.embedding(),
            "lm_head_params_untied", count.head(),
            "active_without_input_embedding", count.activeWithoutInputEmbedding(),
            "non_embedding_params", count.withoutEmbedding())
        .forEach((field, found) -> assertEquals(expected.get(field).longValue(), found, field));
    JsonNode kv = expected.get("kv");
    CacheCount cache = CacheCount.of(spec);
    assertEquals(kv.get("elements_per_token_all_layers").longValue(), cache.elementsPerToken());
    assertEquals(kv.get("bf16_kib_per_token").doubleValue(), cache.bytesPerToken(2) / 1024);
    assertEquals(
        kv.get("elements_per_token_global_layers_only").longValue(),
        cache.elementsPerTokenOfGlobalLayers());
    kv.get("cache_elements_at")
        .properties()
        .forEach(at ->
            assertEquals(at.getValue().longValue(), cache.elementsAt(Long.parseLong(at.getKey()))));
    kv.get("kinds").properties().forEach(kind -> assertKind(kind.getKey(), kind.getValue(), spec));
  }

  private static void assertKind(String kind, JsonNode expected, ModelSpec spec) {
    List<Integer> layers =
        IntStream.range(0, spec.numLayers())
            .filter(i -> kindOf(spec, i).equals(kind))
            .boxed()
            .toList();
    assertEquals(expected.get("layers").intValue(), layers.size(), kind);
    CacheCount cache = CacheCount.of(spec);
    for (int layer : layers) {
      assertEquals(
          expected.get("elements_per_token_per_layer").longValue(),
          cache.layers().get(layer).elementsPerToken());
      if (expected.has("fixed_state_elements_per_layer")) {
        assertEquals(
            expected.get("fixed_state_elements_per_layer").longValue(),
            cache.layers().get(layer).stateElements());
        assertEquals(
            expected.get("conv_state_elements_per_layer").longValue(),
            cache.layers().get(layer).convolutionElements());
      }
      if (expected.has("window")) {
        assertEquals(expected.get("window").longValue(), cache.layers().get(layer).maxTokens());
      }
      if (spec.blocks().get(layer).mixer() instanceof LatentAttention latent) {
        assertEquals(
            expected.get("uncompressed_mha_elements").longValue(),
            CacheCount.expandedElementsPerToken(latent));
      }
    }
  }

  private static String kindOf(ModelSpec spec, int layer) {
    Span span =
        switch (spec.blocks().get(layer).mixer()) {
          case GroupedQueryAttention attention -> attention.span();
          case LatentAttention attention -> attention.span();
          case CompressedAttention attention -> new Span.Sliding(attention.window());
          case GatedDeltaNet _, KimiDeltaAttention _, LightningAttention _ -> Span.FULL;
        };
    if (CacheCount.of(spec).layers().get(layer).stateElements() > 0) {
      return HybridLayers.LINEAR;
    }
    String type =
        switch (span) {
          case Span.Full _ -> LayerTypes.FULL;
          case Span.Sliding _ -> LayerTypes.SLIDING;
          case Span.Chunked _ -> "chunked_attention";
          case Span.Sparse _ -> "indexed_attention";
        };
    boolean shared =
        spec.blocks().get(layer).mixer() instanceof GroupedQueryAttention attention
            && attention.keyValues() instanceof KeyValues.OfLayer;
    return shared ? type + "_kv_shared_no_cache" : type;
  }

  private static boolean isKnown(String name, Config config) {
    boolean known = Families.isKnown(config.modelType());
    if (!known) {
      System.out.println("counting: skipped " + name + " (no family " + config.modelType() + ")");
    }
    return known;
  }

  private static long perToken(ModelSpec spec) {
    return CacheCount.of(spec).elementsPerToken();
  }

  private static ModelSpec attentionOnly(String type, int layers, int heads, int headDim) {
    return Families.spec(
        Config.parse(
            "inline",
            """
            {"model_type":"%s","vocab_size":8,"hidden_size":%d,"intermediate_size":8,
             "num_hidden_layers":%d,"num_attention_heads":%d,"head_dim":%d}\
            """
                .formatted(type, heads * headDim, layers, heads, headDim)));
  }

  private static ModelSpec latent(int layers) {
    return Families.spec(
        Config.parse(
            "inline",
            """
            {"model_type":"deepseek_v2","vocab_size":8,"hidden_size":2048,"intermediate_size":8,
             "num_hidden_layers":%d,"num_attention_heads":16,"num_experts_per_tok":6,
             "kv_lora_rank":512,"qk_rope_head_dim":64}\
            """
                .formatted(layers)));
  }

  /** A cache of 32 layers of width 4096 after 32768 tokens, in bf16. */
  private static double gigabytes(int kvHeads, String sliding) {
    ModelSpec spec =
        Families.spec(
            Config.parse(
                "inline",
                """
                {"model_type":"gemma3_text","vocab_size":8,"hidden_size":4096,"head_dim":128,
                 "intermediate_size":8,"num_hidden_layers":32,"num_attention_heads":32,
                 "num_key_value_heads":%d,"sliding_window":%d}\
                """
                    .formatted(kvHeads, sliding.isEmpty() ? 32_768 : 1024)));
    return CacheCount.of(spec).bytesAt(32_768, 2) / 1e9;
  }

  private static JsonNode json(Path file) {
    return JsonMapper.shared().readTree(file.toFile());
  }
}
