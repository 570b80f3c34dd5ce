package dev.jandaia.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.spec.json.SpecDiff;
import dev.jandaia.tensor.JandaiaException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GgufFamiliesTest {
  @Test
  void gptOssHeaderMeansItsConfig() {
    Map<String, Object> metadata =
        metadata(
            "gpt-oss",
            Map.ofEntries(
                Map.entry("block_count", 24L),
                Map.entry("context_length", 131_072L),
                Map.entry("embedding_length", 2880L),
                Map.entry("feed_forward_length", 2880L),
                Map.entry("expert_feed_forward_length", 2880L),
                Map.entry("attention.head_count", 64L),
                Map.entry("attention.head_count_kv", 8L),
                Map.entry("attention.key_length", 64L),
                Map.entry("attention.value_length", 64L),
                Map.entry("attention.layer_norm_rms_epsilon", (double) 1e-5f),
                Map.entry("attention.sliding_window", 128L),
                Map.entry("expert_count", 32L),
                Map.entry("expert_used_count", 4L),
                Map.entry("rope.freq_base", 150_000.0),
                Map.entry("rope.scaling.type", "yarn"),
                Map.entry("rope.scaling.factor", 32.0),
                Map.entry("rope.scaling.original_context_length", 4096L)));
    assertMeans("gpt-oss-20b.json", metadata);
  }

  @Test
  void deepseek2HeaderMeansItsConfig() {
    Map<String, Object> metadata =
        metadata(
            "deepseek2",
            Map.ofEntries(
                Map.entry("block_count", 61L),
                Map.entry("context_length", 163_840L),
                Map.entry("embedding_length", 7168L),
                Map.entry("feed_forward_length", 18_432L),
                Map.entry("leading_dense_block_count", 3L),
                Map.entry("attention.head_count", 128L),
                Map.entry("attention.head_count_kv", 1L),
                Map.entry("attention.key_length", 576L),
                Map.entry("attention.value_length", 512L),
                Map.entry("attention.key_length_mla", 192L),
                Map.entry("attention.value_length_mla", 128L),
                Map.entry("attention.q_lora_rank", 1536L),
                Map.entry("attention.kv_lora_rank", 512L),
                Map.entry("attention.layer_norm_rms_epsilon", (double) 1e-6f),
                Map.entry("expert_count", 256L),
                Map.entry("expert_used_count", 8L),
                Map.entry("expert_shared_count", 1L),
                Map.entry("expert_feed_forward_length", 2048L),
                Map.entry("expert_weights_scale", 2.5),
                Map.entry("expert_weights_norm", true),
                Map.entry("expert_gating_func", 2L),
                Map.entry("expert_group_count", 8L),
                Map.entry("expert_group_used_count", 4L),
                Map.entry("rope.dimension_count", 64L),
                Map.entry("rope.freq_base", 10_000.0),
                Map.entry("rope.scaling.type", "yarn"),
                Map.entry("rope.scaling.factor", 40.0),
                Map.entry("rope.scaling.original_context_length", 4096L),
                Map.entry("rope.scaling.yarn_log_multiplier", (double) 0.1f)));
    assertMeans("deepseek-v3.json", metadata);
  }

  @Test
  void splitLatentUpProjectionsTileTheirTensors() {
    ModelSpec spec = published("deepseek-v2-lite.json");
    ParameterSpec parameter = Parameters.of(spec, "blocks.1.mixer.latentUp.weight");
    int columns = parameter.shape().getLast();
    Map<String, BitSet> used = new HashMap<>();
    int rows = 0;
    for (GgufNames.Piece piece : GgufNames.pieces(spec, parameter)) {
      TensorView view = piece.view();
      BitSet elements = used.computeIfAbsent(view.tensor(), name -> new BitSet());
      for (int r = 0; r < piece.rows(); r++) {
        for (int c = 0; c < columns; c++) {
          int element = (int) view.element(r, c);
          assertFalse(elements.get(element));
          elements.set(element);
        }
      }
      rows += piece.rows();
    }
    assertEquals(parameter.shape().getFirst(), rows);
    assertEquals(16 * 512 * 128, used.get("blk.1.attn_k_b.weight").length());
    assertEquals(16 * 128 * 512, used.get("blk.1.attn_v_b.weight").length());
  }

  @Test
  void rowsOfAHeadGoFromHalvesToNeighbours() {
    ModelSpec spec =
        Families.spec(
            Config.parse(
                "inline",
                """
                {"model_type":"llama","vocab_size":8,"hidden_size":16,"intermediate_size":8,
                 "num_hidden_layers":1,"num_attention_heads":2}\
                """));
    Map<String, PlannedTensor> tensors = new HashMap<>();
    GgufExport.of(spec).tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
    PlannedTensor.Source query =
        ((PlannedTensor.Filled) tensors.get("blk.0.attn_q.weight")).sources().getFirst();
    assertEquals(
        List.of(0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15),
        IntStream.range(0, 16).mapToObj(query.order()::of).toList());
    assertTrue(
        ((PlannedTensor.Filled) tensors.get("blk.0.attn_v.weight")).sources().getFirst().isPlain());
  }

  @Test
  void gpt2KeepsQueriesKeysAndValuesBelowEachOther() {
    ModelSpec spec =
        Families.spec(
            Config.parse(
                "inline",
                """
                {"model_type":"gpt2","n_embd":8,"n_head":2,"n_layer":1,"n_positions":16,
                 "vocab_size":10}\
                """));
    PlannedTensor.Filled fused =
        (PlannedTensor.Filled)
            GgufExport.of(spec).tensors().stream()
                .filter(tensor -> tensor.name().equals("blk.0.attn_qkv.weight"))
                .findFirst()
                .orElseThrow();
    assertEquals(List.of(24L, 8L), fused.shape());
    assertEquals(
        List.of(0L, 64L, 128L),
        fused.sources().stream().map(source -> source.view().offset()).toList());
  }

  @Test
  void modulesThatASpecCannotHoldAreLeftOut() {
    GgufExport export =
        GgufExport.of(
            Families.spec(Config.read(Goldens.root().resolve("glm_moe_dsa/config.json"))));
    Map<String, Object> metadata = new LinkedHashMap<>(export.metadata());
    metadata.put("glm-dsa.block_count", 5L);
    metadata.put("glm-dsa.nextn_predict_layers", 1L);
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    export.tensors().forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
    shapes.put("blk.4.nextn.eh_proj.weight", List.of(32L, 64L));

    ModelSpec spec =
        GgufFamilies.spec(new GgufModel("test", metadata, shapes, name -> Optional.empty()));

    assertEquals(4, spec.numLayers());
    assertEquals(Optional.empty(), spec.prediction());
    assertTrue(GgufNames.isSurplus(spec, "blk.4.nextn.eh_proj.weight"));
    assertFalse(GgufNames.isSurplus(spec, "blk.3.attn_norm.weight"));
  }

  @Test
  void latentAttentionWithATemperatureIsMistrals() {
    GgufExport export =
        GgufExport.of(Families.spec(Config.read(Goldens.root().resolve("mistral4/config.json"))));
    Map<String, Object> metadata = new LinkedHashMap<>();
    export
        .metadata()
        .forEach((key, value) -> metadata.put(key.replace("mistral4.", "deepseek2."), value));
    metadata.put("general.architecture", "deepseek2");
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    export.tensors().forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));

    ModelSpec spec =
        GgufFamilies.spec(new GgufModel("test", metadata, shapes, name -> Optional.empty()));

    assertEquals("mistral4", spec.family());
  }

  @Test
  void errorsNameTheKey() {
    assertFails(Map.of("general.architecture", "rwkv"), "general.architecture: expected one of");
    assertFails(metadata("llama", Map.of()), "llama.embedding_length: expected an integer");
    assertFails(
        metadata("llama", Map.of("embedding_length", "wide")),
        "llama.embedding_length: expected an integer, the same for all layers, found wide");
    assertFails(
        metadata("llama", Map.of("attention.clamp_kqv", 8.0)), "llama.attention.clamp_kqv: ");
  }

  private static void assertMeans(String config, Map<String, Object> metadata) {
    // GGUF headers of these files say nothing of modules for further tokens.
    ModelSpec expected = published(config).withoutPrediction();
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (ParameterSpec parameter : Parameters.of(expected)) {
      TensorView view = GgufNames.locate(expected, parameter).orElseThrow();
      shapes.put(view.tensor(), view.storedShape());
    }
    ModelSpec spec =
        GgufFamilies.spec(new GgufModel("test", metadata, shapes, name -> Optional.empty()));
    assertEquals(Optional.empty(), SpecDiff.first(expected, spec));
  }

  private static void assertFails(Map<String, Object> metadata, String message) {
    JandaiaException e =
        assertThrows(
            JandaiaException.class,
            () ->
                GgufFamilies.spec(
                    new GgufModel("x.gguf", metadata, Map.of(), name -> Optional.empty())));
    assertTrue(e.getMessage().startsWith("x.gguf: " + message), e.getMessage());
  }

  private static Map<String, Object> metadata(String architecture, Map<String, Object> keys) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", architecture);
    keys.forEach((key, value) -> metadata.put(architecture + "." + key, value));
    return metadata;
  }

  private static ModelSpec published(String file) {
    return Families.spec(Config.read(Goldens.file("public_configs").resolve(file)));
  }
}
