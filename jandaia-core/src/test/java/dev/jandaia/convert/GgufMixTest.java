package dev.jandaia.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.family.GgufExport;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers are those of files that llama-quantize made of the same shapes. */
class GgufMixTest {

  @ParameterizedTest
  @CsvSource({
    "Q8_0, '{Q8_0=197, F32=113}'",
    "Q4_0, '{Q4_0=196, Q6_K=1, F32=113}'",
    "Q4_K_M, '{Q4_K=168, Q6_K=29, F32=113}'",
    "Q5_K_M, '{Q5_K=168, Q6_K=29, F32=113}'",
    "Q6_K, '{Q6_K=197, F32=113}'",
    "IQ4_NL, '{IQ4_NL=193, Q5_K=3, Q6_K=1, F32=113}'",
    "BF16, '{BF16=197, F32=113}'"
  })
  void tiedModelHasAsManyTensorsOfEachType(GgufMix mix, String expected) {
    assertEquals(parse(expected), types(mix, qwen3(28, 2)));
  }

  @Test
  void layersThatDeserveMoreAreTheOuterEighthsAndEveryThird() {
    ModelSpec spec = qwen3(28, 2);
    Shape shape = Shape.of(1024, 3072);

    List<Integer> better =
        IntStream.range(0, 28)
            .filter(i ->
                GgufMix.Q4_K_M.typeOf("blk." + i + ".ffn_down.weight", shape, spec) == DType.Q6_K)
            .boxed()
            .toList();

    assertEquals(List.of(0, 1, 2, 5, 8, 11, 14, 17, 20, 23, 24, 25, 26, 27), better);
  }

  @Test
  void sharedValuesAreKeptBetterUnderNonLinearFours() {
    assertEquals(
        parse("{IQ4_NL=165, Q5_K=31, Q6_K=1, F32=113}"), types(GgufMix.IQ4_NL, qwen3(28, 8)));
  }

  @Test
  void denseModelIsMxfp4AllThroughItsLayers() {
    assertEquals(parse("{MXFP4=196, Q8_0=1, F32=113}"), types(GgufMix.MXFP4, qwen3(28, 2)));
  }

  private static Map<String, Integer> types(GgufMix mix, ModelSpec spec) {
    Map<String, Integer> counts = new TreeMap<>();
    GgufExport.of(spec)
        .tensors()
        .forEach(tensor -> {
          Shape shape = Shape.of(tensor.shape().stream().mapToLong(Long::longValue).toArray());
          counts.merge(mix.typeOf(tensor.name(), shape, spec).name(), 1, Integer::sum);
        });
    return counts;
  }

  private static Map<String, Integer> parse(String text) {
    return List.of(text.substring(1, text.length() - 1).split(", ")).stream()
        .map(entry -> entry.split("="))
        .collect(
            Collectors.toMap(
                pair -> pair[0], pair -> Integer.valueOf(pair[1]), (a, _) -> a, TreeMap::new));
  }

  private static ModelSpec qwen3(int layers, int queriesPerValue) {
    return Families.spec(
        Config.parse(
            "config.json",
            """
            {"model_type": "qwen3", "hidden_size": 1024, "intermediate_size": 3072,
             "num_hidden_layers": %d, "num_attention_heads": 16, "num_key_value_heads": %d,
             "head_dim": 128, "vocab_size": 512, "max_position_embeddings": 40960,
             "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "tie_word_embeddings": true,
             "hidden_act": "silu", "attention_bias": false, "use_sliding_window": false}
            """
                .formatted(layers, 16 / queriesPerValue)));
  }
}
