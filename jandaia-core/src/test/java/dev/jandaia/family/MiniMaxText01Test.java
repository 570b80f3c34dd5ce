package dev.jandaia.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.count.ParameterCount;
import dev.jandaia.tensor.JandaiaException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MiniMaxText01Test {
  private static final String PUBLISHED =
      """
      {"model_type": "minimax_text_01", "attn_type_list": [%s], "head_dim": 128,
       "hidden_act": "silu", "hidden_size": 6144, "intermediate_size": 9216,
       "layernorm_full_attention_alpha": 3.5565588200778455, "layernorm_full_attention_beta": 1.0,
       "layernorm_linear_attention_alpha": 3.5, "layernorm_linear_attention_beta": 1.5,
       "layernorm_mlp_alpha": 2.5, "layernorm_mlp_beta": 1.0,
       "max_position_embeddings": 10240000, "num_attention_heads": 64, "num_experts_per_tok": 2,
       "num_hidden_layers": 80, "num_key_value_heads": 8, "num_local_experts": 32,
       "postnorm": true, "rms_norm_eps": 1e-05, "rope_theta": 10000000, "rotary_dim": 64,
       "shared_intermediate_size": 0, "shared_moe_mode": "sigmoid", "sliding_window": null,
       "tie_word_embeddings": false, "vocab_size": 200064}
      """
          .formatted(
              IntStream.range(0, 80)
                  .mapToObj(i -> i % 8 == 7 ? "1" : "0")
                  .collect(Collectors.joining(", ")));

  private static ModelSpec spec(String json) {
    return Families.spec(Config.parse("config.json", json));
  }

  @Test
  void theFirstSpellingIsUnderstood() {
    ModelSpec spec = spec(PUBLISHED);
    assertEquals("minimax", spec.family());
    // As published: 456 billion parameters, of which 45.9, neither table counted, are active.
    ParameterCount count = ParameterCount.of(spec);
    assertEquals(456, Math.round(count.total() / 1e9));
    long active = count.active() - count.embedding() - count.head();
    assertEquals(45.9, active / 1e9, 0.05);
    assertInstanceOf(LightningAttention.class, spec.blocks().get(6).mixer());
    GroupedQueryAttention attention = (GroupedQueryAttention) spec.blocks().get(7).mixer();
    assertEquals(
        new Position.Rotary(1e7, 64, Position.Pairing.HALVES, RopeScaling.NONE),
        attention.position());
    Residual.Normalised full = (Residual.Normalised) spec.blocks().get(7).residual();
    assertEquals(new Residual.Mix(3.5565588200778455, 1), full.mixer());
    assertEquals(new Residual.Mix(2.5, 1), full.feedForward());
    Residual.Normalised linear = (Residual.Normalised) spec.blocks().get(8).residual();
    assertEquals(new Residual.Mix(3.5, 1.5), linear.mixer());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"postnorm\": true | \"postnorm\": false",
        "\"shared_intermediate_size\": 0 | \"shared_intermediate_size\": 4096",
        "\"num_hidden_layers\": 80 | \"num_hidden_layers\": 79",
        "[0, | [2,"
      })
  void refusesWhatItCannotCompute(String from, String to) {
    String json = PUBLISHED.replace(from, to);
    String message = assertThrows(JandaiaException.class, () -> spec(json)).getMessage();
    assertTrue(message.contains("expected"), message);
  }
}
