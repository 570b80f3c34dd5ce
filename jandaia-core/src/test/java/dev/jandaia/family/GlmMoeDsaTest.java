package dev.jandaia.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.spec.LatentAttention;
import dev.jandaia.tensor.JandaiaException;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlmMoeDsaTest {
  private static final String SIZES =
      """
      {"model_type": "glm_moe_dsa", "vocab_size": 8, "hidden_size": 8, "intermediate_size": 8,
       "num_attention_heads": 2, "num_hidden_layers": 6, "n_routed_experts": 8\
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | FFFFFF",
        "\"indexer_types\": [\"full\", \"full\", \"shared\", \"full\", \"shared\", \"shared\"] |"
            + " FFSFSS",
        "\"index_topk_pattern\": \"FSFSSF\" | FSFSSF",
        "\"index_topk_freq\": 3 | FFSSFS",
        "\"index_topk_freq\": 2, \"index_skip_topk_offset\": 0 | SFSFSF"
      })
  void layersChooseAsTheConfigTells(String fields, String expected) {
    if (expected.startsWith("S")) {
      assertThrows(JandaiaException.class, () -> chooses(fields));
    } else {
      assertEquals(expected, chooses(fields));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"indexer_types\": [\"full\"]",
        "\"index_topk_pattern\": \"FSXFSF\"",
        "\"layer_types\": [\"full_attention\"]",
        "\"mlp_layer_types\": [\"dense\"]",
        "\"scoring_func\": \"softmax\"",
        "\"q_lora_rank\": null"
      })
  void refusesWhatItCannotCompute(String field) {
    String message = assertThrows(JandaiaException.class, () -> chooses(field)).getMessage();
    assertTrue(message.contains("expected"), message);
  }

  private static String chooses(String fields) {
    String json = SIZES + (fields.isEmpty() ? "" : ", " + fields) + "}";
    return Families.spec(Config.parse("config.json", json)).blocks().stream()
        .map(block -> ((LatentAttention) block.mixer()).indexer().isPresent() ? "F" : "S")
        .collect(Collectors.joining());
  }
}
