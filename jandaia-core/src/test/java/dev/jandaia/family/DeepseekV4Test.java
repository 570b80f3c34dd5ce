package dev.jandaia.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.Compression;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.count.CacheCount;
import dev.jandaia.spec.count.ParameterCount;
import dev.jandaia.tensor.JandaiaException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeepseekV4Test {
  private static ModelSpec spec(String fields) {
    String json = "{\"model_type\": \"deepseek_v4\"" + fields + "}";
    return Families.spec(Config.parse("config.json", json));
  }

  /** DeepSeek-V4-Flash: two layers with a window alone, then CSA and HCA in turn, one for MTP. */
  private static ModelSpec flash() {
    String ratios =
        IntStream.range(0, 44)
            .mapToObj(i -> i < 2 || i == 43 ? "0" : i % 2 == 0 ? "4" : "128")
            .collect(Collectors.joining(", "));
    return spec(
        """
        , "compress_ratios": [%s], "num_hash_layers": 3, "qk_rope_head_dim": 64,
         "rope_scaling": {"type": "yarn", "factor": 16, "beta_fast": 32, "beta_slow": 1,
          "original_max_position_embeddings": 65536}\
        """
            .formatted(ratios));
  }

  /** As published: 284 billion parameters, 13 of them active. */
  @Test
  void theFlashModelHasThePublishedSize() {
    ParameterCount count = ParameterCount.of(flash());
    assertEquals(284, Math.round(count.total() / 1e9));
    assertEquals(13, Math.round(count.activeWithoutInputEmbedding() / 1e9));
  }

  @Test
  void oneTokenAddsItsSharesOfEntries() {
    CacheCount count = CacheCount.of(flash());
    assertEquals(21 * (512 + 128) / 4 + 20 * 512 / 128, count.elementsPerTokenOfGlobalLayers());
  }

  @Test
  void onlyLayersWithEntriesAreStretched() {
    ModelSpec spec = flash();
    assertEquals(
        new Position.Rotary(10_000, 64, Position.Pairing.NEIGHBOURS, RopeScaling.NONE),
        mixer(spec.blocks().getFirst()).position());
    Position stretched =
        new Position.Rotary(
            160_000,
            64,
            Position.Pairing.NEIGHBOURS,
            new RopeScaling.Yarn(16, 32, 1, 65_536, 1, true));
    for (BlockSpec block : spec.blocks().subList(2, 43)) {
      assertEquals(stretched, mixer(block).position());
    }
    assertEquals(stretched, mixer(spec.blocks().get(2)).indexer().orElseThrow().position());
  }

  private static CompressedAttention mixer(BlockSpec block) {
    return (CompressedAttention) block.mixer();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 128 128 128 4:512 128 4:512",
        "\"compress_ratios\": [0, 4, 128, 4, 0, 0, 0] | - 4:512 128 4:512 - -",
        "\"compress_rate_csa\": 8, \"compress_rate_hca\": 16, \"index_topk\": 3 | 16 16 16 8:3 16"
            + " 8:3",
        "\"compress_rates\": {\"heavily_compressed_attention\": 9} | 9 9 9 4:512 9 4:512",
      })
  void layersCompressAsTheConfigTells(String fields, String expected) {
    String rates =
        spec(", \"num_hidden_layers\": 6" + (fields.isEmpty() ? "" : ", " + fields))
            .blocks()
            .stream()
            .map(block -> mixer(block).compression().map(DeepseekV4Test::rate).orElse("-"))
            .collect(Collectors.joining(" "));
    assertEquals(expected, rates);
  }

  private static String rate(Compression compression) {
    assertEquals(compression.indexer().isPresent(), compression.overlap());
    return compression.indexer().isEmpty()
        ? String.valueOf(compression.rate())
        : compression.rate() + ":" + compression.topK();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | TTT.",
        "\"num_hash_layers\": 1 | T...",
        "\"mlp_layer_types\": [\"moe\", \"hash_moe\", \"moe\", \"moe\"] | .T.."
      })
  void theFirstLayersLookExpertsUp(String fields, String expected) {
    String layers =
        spec(", \"num_hidden_layers\": 4" + (fields.isEmpty() ? "" : ", " + fields))
            .blocks()
            .stream()
            .map(block -> (MixtureOfExperts) block.feedForward())
            .map(moe -> moe.router().tokenTable().isPresent() ? "T" : ".")
            .collect(Collectors.joining());
    assertEquals(expected, layers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"compress_ratios\": [0, 5]",
        "\"compress_ratios\": [0, 4]",
        "\"layer_types\": [\"full_attention\"]",
        "\"mlp_layer_types\": [\"dense\"]",
        "\"scoring_func\": \"softmax\"",
        "\"norm_topk_prob\": false",
        "\"n_shared_experts\": 2",
        "\"num_key_value_heads\": 2",
        "\"attention_bias\": true",
        "\"swiglu_limit\": 0",
        "\"partial_rotary_factor\": 0.5, \"qk_rope_head_dim\": 64",
        "\"rope_interleave\": false"
      })
  void refusesWhatItCannotCompute(String field) {
    String message = assertThrows(JandaiaException.class, () -> spec(", " + field)).getMessage();
    assertTrue(message.startsWith("config.json: ") && message.contains("expected"), message);
  }
}
