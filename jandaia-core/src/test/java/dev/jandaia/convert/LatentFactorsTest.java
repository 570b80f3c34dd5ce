package dev.jandaia.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.jandaia.Goldens;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.count.CacheCount;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatentFactorsTest {
  private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4};

  /** Four query heads of eight elements on two key heads; 2·2·8 rows, width 16. */
  private static final String LLAMA =
      """
      {"model_type": "llama", "vocab_size": 16, "hidden_size": 40, "intermediate_size": 24,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
       "rope_theta": 100, "max_position_embeddings": 64 %s}
      """;

  private static final String YARN =
      """
      , "rope_scaling": {"rope_type": "yarn", "factor": 4.0,
                         "original_max_position_embeddings": 16}
      """;

  private static final String GLM =
      """
      {"model_type": "glm4_moe", "vocab_size": 32, "hidden_size": 16, "intermediate_size": 20,
       "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
       "attention_bias": true, "use_qk_norm": false, "partial_rotary_factor": 0.5,
       "first_k_dense_replace": 1, "n_routed_experts": 6, "num_experts_per_tok": 2,
       "n_shared_experts": 1, "moe_intermediate_size": 10, "routed_scaling_factor": 1.7,
       "rope_theta": 100, "max_position_embeddings": 64, "rms_norm_eps": 1e-3}
      """;
  private static final String QWEN2 =
      """
      {"model_type": "qwen2", "vocab_size": 32, "hidden_size": 40, "intermediate_size": 20,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
       "rope_theta": 100, "max_position_embeddings": 64, "rms_norm_eps": 1e-3}
      """;
  private static final String NO_POSITIONS =
      """
      {"model_type": "smollm3", "vocab_size": 32, "hidden_size": 16, "intermediate_size": 10,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
       "no_rope_layers": [1, 0], "rope_theta": 100, "max_position_embeddings": 64,
       "rms_norm_eps": 1e-3, "tie_word_embeddings": true}
      """;
  private static final String SINKS =
      """
      {"model_type": "gpt_oss", "vocab_size": 32, "hidden_size": 16, "intermediate_size": 10,
       "num_hidden_layers": 1, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
       "layer_types": ["full_attention"], "num_local_experts": 4, "num_experts_per_tok": 2,
       "rope_theta": 100, "max_position_embeddings": 64, "rms_norm_eps": 1e-3,
       "rope_scaling": {"rope_type": "default"}}
      """;

  @TempDir Path temporary;

  /** Heads shared and alone, tied and not, with llama3's frequencies. */
  @ParameterizedTest
  @CsvSource({"llama32, 32", "llama_mqa, 8"})
  void fullRankAndAllPositionsSayTheSame(String golden, int rank) {
    Path from = Goldens.file(golden);
    Path to = temporary.resolve("to");
    Checkpoints.convert(latent(rank), from, to);
    assertSame(from, to);
    try (LoadedModel loaded = LoadedModel.open(to, Kernels.best())) {
      assertEquals("deepseek_v3", loaded.spec().family());
      assertEquals(List.of(), loaded.unread());
    }
  }

  @Test
  void yarnsFactorComesAlong() throws IOException {
    Path from = model("yarn", YARN);
    Path to = temporary.resolve("to");
    Checkpoints.convert(latent(16), from, to);
    assertSame(from, to);
  }

  /** One key head needs no frequencies of its own. */
  @Test
  void multiQueryKeepsPlainRope() {
    Path to = temporary.resolve("to");
    Checkpoints.convert(latent(8), Goldens.file("llama_mqa"), to);
    try (LoadedModel loaded = LoadedModel.open(to, Kernels.best())) {
      var attention = (LatentAttention) loaded.spec().blocks().getFirst().mixer();
      var rotary = (Position.Rotary) attention.position();
      assertEquals(RopeScaling.NONE, rotary.scaling());
      assertEquals(8, attention.ropeDim());
    }
  }

  /**
   * Keys of all heads that are multiples of one another are one component a pair: the others may
   * lose their positions for nothing, and no rank is needed for them.
   */
  @Test
  void positionsOfOneComponentAreEnoughForParallelKeys() throws IOException {
    for (String rope : List.of("", YARN)) {
      Path from =
          Checkpoints.random(
              temporary.resolve("from" + rope.length()),
              LLAMA.formatted(rope),
              (parameter, values) -> {
                if (parameter.path().endsWith("mixer.key.weight")) {
                  int head = values.length / 2;
                  for (int i = 0; i < head; i++) {
                    values[head + i] = -2 * values[i];
                  }
                }
              });
      Path to = temporary.resolve("to" + rope.length());
      List<String> facts =
          Checkpoints.convert(new Conversion.Latent(16, OptionalInt.of(8)), from, to);
      assertSame(from, to);
      assertTrue(facts.getFirst().contains("64 to 50 elements"), facts.getFirst());
    }
  }

  /** Without positions all over: RoPE of angles that hardly move can go. */
  @Test
  void slowPairsLoseLittleWithoutPositions() throws IOException {
    String slow = LLAMA.formatted("").replace("\"rope_theta\": 100", "\"rope_theta\": 1e24");
    Path from = Checkpoints.random(temporary.resolve("from"), slow, (_, _) -> {});
    Path to = temporary.resolve("to");
    // The first pair of each head turns by one radian a token, the others by 1e-6 or less.
    Checkpoints.convert(new Conversion.Latent(32, OptionalInt.of(4)), from, to);
    float[] before = Checkpoints.logits(from, IDS);
    assertEquals(0, Checkpoints.apart(before, Checkpoints.logits(to, IDS)), 1e-4);
  }

  @Test
  void lessRankLosesMore() throws IOException {
    Path from = model("from", "");
    float[] before = Checkpoints.logits(from, IDS);
    double last = 0;
    for (int rank : List.of(16, 12, 6, 1)) {
      Path to = temporary.resolve("rank" + rank);
      Checkpoints.convert(latent(rank), from, to);
      double apart = Checkpoints.apart(before, Checkpoints.logits(to, IDS));
      assertTrue(rank == 16 ? apart < 1e-5 : apart > last, rank + ": " + apart);
      last = apart;
      try (LoadedModel loaded = LoadedModel.open(to, Kernels.best())) {
        assertEquals(2 * (rank + 1 + 16), CacheCount.of(loaded.spec()).elementsPerToken());
      }
    }
  }

  @Test
  void narrowTypesHoldTheConstant() throws IOException {
    Path from = model("from", "");
    float[] before = Checkpoints.logits(from, IDS);
    for (DType type : List.of(DType.BF16, DType.F16)) {
      Path to = temporary.resolve(type.name());
      new DirectoryConversion(latent(16), Optional.of(type), Long.MAX_VALUE).convert(from, to);
      double bound = type == DType.BF16 ? 0.03 : 0.004;
      assertEquals(0, Checkpoints.apart(before, Checkpoints.logits(to, IDS)), bound);
    }
  }

  /** Experts are not attention's business: another family has them beside it. */
  @Test
  void expertsStayAsTheyAre() {
    Path from = Goldens.file("mixtral");
    Path to = temporary.resolve("to");
    Checkpoints.convert(latent(16), from, to);
    assertSame(from, to);
    try (LoadedModel loaded = LoadedModel.open(to, Kernels.best())) {
      assertEquals("mistral4", loaded.spec().family());
      assertEquals(List.of(), loaded.unread());
    }
  }

  /** Dense layers first, then experts that a bias balances, shared ones, biases of attention. */
  @Test
  void balancedExpertsStayToo() throws IOException {
    Path from = Checkpoints.random(temporary.resolve("from"), GLM, (_, _) -> {});
    Path to = temporary.resolve("to");
    Checkpoints.convert(latent(16), from, to);
    assertSame(from, to);
    try (LoadedModel loaded = LoadedModel.open(to, Kernels.best())) {
      assertEquals("deepseek_v3", loaded.spec().family());
      assertEquals(List.of(), loaded.unread());
    }
  }

  /** A constant in the latents carries the biases, whether keys keep their positions or not. */
  @Test
  void biasesComeAlong() throws IOException {
    Path from = Checkpoints.random(temporary.resolve("from"), QWEN2, (_, _) -> {});
    Path to = temporary.resolve("to");
    Checkpoints.convert(latent(fullRank(from)), from, to);
    assertSame(from, to);
    Path slow =
        Checkpoints.random(
            temporary.resolve("slow"),
            QWEN2.replace("\"rope_theta\": 100", "\"rope_theta\": 1e24"),
            (_, _) -> {});
    Path still = temporary.resolve("still");
    // The first pair of each head turns by one radian a token, the others by 1e-6 or less.
    Checkpoints.convert(new Conversion.Latent(32, OptionalInt.of(4)), slow, still);
    float[] before = Checkpoints.logits(slow, IDS);
    assertEquals(0, Checkpoints.apart(before, Checkpoints.logits(still, IDS)), 1e-4);
    Path narrow = temporary.resolve("narrow");
    new DirectoryConversion(latent(16), Optional.of(DType.BF16), Long.MAX_VALUE)
        .convert(slow, narrow);
    assertEquals(0, Checkpoints.apart(before, Checkpoints.logits(narrow, IDS)), 0.03);
  }

  private static int fullRank(Path directory) {
    try (LoadedModel loaded = LoadedModel.open(directory, Kernels.best())) {
      return ((GroupedQueryAttention) loaded.spec().blocks().getFirst().mixer()).keyValueWidth();
    }
  }

  @Test
  void exportWritesLatentAttentionOfDenseModelsAgain() {
    Path latent = temporary.resolve("latent");
    Checkpoints.convert(latent(32), Goldens.file("llama32"), latent);
    Path to = temporary.resolve("to");
    new HubConversion(Optional.empty(), note -> fail(note)).convert(latent, to);
    assertArrayEquals(Checkpoints.logits(latent, IDS), Checkpoints.logits(to, IDS));
  }

  @Test
  void whatLatentAttentionCannotSayIsRefused() throws IOException {
    assertRefused(
        Goldens.file("qwen3"),
        latent(4),
        "qwen3: latent attention: blocks[0].mixer.qkNorm: expected None, found"
            + " PerHead: a key is divided by its own length after its projection");
    assertRefused(
        Goldens.file("mistral"),
        latent(4),
        "blocks[0].mixer.span: expected Full, found Sliding[window=8]: no config.json");
    assertRefused(Goldens.file("gpt_oss"), latent(4), "blocks[0].mixer.span: expected Full");
    assertRefused(
        Checkpoints.random(temporary.resolve("oss"), SINKS, (_, _) -> {}),
        latent(4),
        "blocks[0].mixer.sinks: expected false, found true: no checkpoint");
    assertRefused(Goldens.file("llama_bias"), latent(4), "mlp_bias: expected false, found true");
    assertRefused(
        Goldens.file("deepseek_v3"),
        latent(4),
        "blocks[0].mixer: expected grouped-query attention, found LatentAttention");
    assertRefused(Goldens.file("granite"), latent(4), "cannot express this model");
    assertRefused(
        Checkpoints.random(temporary.resolve("smol"), NO_POSITIONS, (_, _) -> {}),
        latent(4),
        ".position: expected RoPE with one set of frequencies");
    assertRefused(
        Goldens.file("qwen3_next"), latent(4), "expected grouped-query attention, found Gated");
    Path from = model("from", "");
    assertRefused(from, latent(17), "mla-rank: expected from 1 to 16, found 17");
    assertRefused(from, latent(0), "mla-rank: expected from 1 to 16, found 0");
    assertRefused(
        from,
        new Conversion.Latent(4, OptionalInt.of(18)),
        "rope-dim: expected an even number from 2 to 16, found 18");
    assertRefused(from, new Conversion.Latent(4, OptionalInt.of(3)), "an even number");
  }

  private void assertRefused(Path from, Conversion conversion, String message) {
    Path to = temporary.resolve("refused");
    JandaiaException e =
        assertThrows(JandaiaException.class, () -> Checkpoints.convert(conversion, from, to));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertFalse(Files.exists(to));
  }

  private static void assertSame(Path from, Path to) {
    float[] before = Checkpoints.logits(from, IDS);
    assertEquals(0, Checkpoints.apart(before, Checkpoints.logits(to, IDS)), 2e-5);
    assertEquals(0, Checkpoints.apart(before, Checkpoints.decoded(to, IDS)), 2e-5);
  }

  private Path model(String name, String rope) throws IOException {
    return Checkpoints.random(temporary.resolve(name), LLAMA.formatted(rope), (_, _) -> {});
  }

  private static Conversion.Latent latent(int rank) {
    return new Conversion.Latent(rank, OptionalInt.empty());
  }
}
