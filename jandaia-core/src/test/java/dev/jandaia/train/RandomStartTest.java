package dev.jandaia.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.spec.ModelSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomStartTest {
  private static final int SIZE = 100;

  @Test
  void matricesHaveTheirDeviation() {
    assertEquals(0.02, deviation("blocks.0.mixer.query.weight"), 4e-4);
    // Two layers: 0.02 / √4.
    assertEquals(0.01, deviation("blocks.0.mixer.output.weight"), 2e-4);
    assertEquals(0.01, deviation("blocks.1.feedForward.down.weight"), 2e-4);
  }

  @Test
  void normsBeginAtTheIdentityAndBiasesAtZero() {
    float[] values = new float[3];
    start(1).vector("blocks.0.mixer.queryNorm.weight", values);
    assertArrayEquals(new float[] {1, 1, 1}, values);
    start(1).vector("blocks.0.mixerStreams.scale", values);
    assertArrayEquals(new float[] {1, 1, 1}, values);
    start(1).vector("blocks.0.mixer.query.bias", values);
    assertArrayEquals(new float[] {0, 0, 0}, values);
  }

  /** Gemma multiplies by 1 + w. */
  @Test
  void zeroCentredNormsBeginAtTheIdentityToo() {
    ModelSpec gemma =
        Families.spec(
            Config.parse(
                "tiny",
                """
                {"model_type": "gemma", "vocab_size": 12, "hidden_size": 16,
                 "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
                 "num_key_value_heads": 1, "head_dim": 8, "max_position_embeddings": 16}
                """));
    RandomStart start = new RandomStart(gemma, 1);
    for (String path : List.of("blocks.0.mixerNorm.weight", "finalNorm.weight")) {
      float[] values = {5, 5};
      start.vector(path, values);
      assertArrayEquals(new float[] {0, 0}, values, path);
    }
  }

  /** Qwen3.5 has both kinds of norm in one model. */
  @Test
  void gatedDeltaNetKeepsItsPlainNormAtOne() {
    ModelSpec hybrid =
        Families.spec(
            Config.parse(
                "tiny",
                """
                {"model_type": "qwen3_5_text", "vocab_size": 12, "hidden_size": 16,
                 "intermediate_size": 32, "num_hidden_layers": 4, "num_attention_heads": 2,
                 "num_key_value_heads": 1, "head_dim": 8, "linear_key_head_dim": 4,
                 "linear_value_head_dim": 4, "linear_num_key_heads": 2,
                 "linear_num_value_heads": 2}
                """));
    RandomStart start = new RandomStart(hybrid, 1);
    float[] values = new float[2];
    start.vector("blocks.0.mixer.norm.weight", values);
    assertArrayEquals(new float[] {1, 1}, values);
    start.vector("blocks.3.mixer.queryNorm.weight", values);
    assertArrayEquals(new float[] {0, 0}, values);
  }

  @Test
  void seedAndPathDecide() {
    assertArrayEquals(matrix(1, "a"), matrix(1, "a"));
    assertFalse(Arrays.equals(matrix(1, "a"), matrix(2, "a")));
    assertFalse(Arrays.equals(matrix(1, "a"), matrix(1, "b")));
  }

  private static double deviation(String path) {
    double sum = 0;
    for (float value : matrix(3, path)) {
      sum += value * value;
    }
    return Math.sqrt(sum / (SIZE * SIZE));
  }

  private static float[] matrix(long seed, String path) {
    float[] values = new float[SIZE * SIZE];
    start(seed).matrix(path, SIZE, SIZE, values);
    return values;
  }

  private static RandomStart start(long seed) {
    return new RandomStart(TinyTask.spec(), seed);
  }
}
