package dev.jandaia.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.jandaia.checkpoint.SafetensorsFile;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class HubConversionTest {
  private static final int VOCABULARY = 320;
  private static final String CONFIG =
      """
      {"model_type": "qwen3", "vocab_size": %d, "hidden_size": 64, "intermediate_size": 64,
       "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 32,
       "rms_norm_eps": 1e-6, "rope_theta": 10000, "tie_word_embeddings": true%s}
      """;

  @TempDir Path directory;

  @Test
  void tensorsOfGgufFilesKeepTheirTypes() throws IOException {
    Path exported = export(synthetic(GgufMix.BF16));

    try (SafetensorsFile file = SafetensorsFile.open(exported.resolve("model.safetensors"))) {
      Map<String, Tensor> tensors = file.tensors();
      assertEquals(DType.BF16, tensors.get("model.layers.0.self_attn.q_proj.weight").dtype());
      assertEquals(DType.BF16, tensors.get("model.embed_tokens.weight").dtype());
      assertEquals(DType.F32, tensors.get("model.norm.weight").dtype());
    }
    assertEquals("bfloat16", config(exported).get("torch_dtype").stringValue());
  }

  @Test
  void quantisedTensorsBecomeFloats() throws IOException {
    Path exported = export(synthetic(GgufMix.Q8_0));

    try (SafetensorsFile file = SafetensorsFile.open(exported.resolve("model.safetensors"))) {
      file.tensors().forEach((name, tensor) -> assertEquals(DType.F32, tensor.dtype(), name));
    }
    assertEquals("float32", config(exported).get("torch_dtype").stringValue());
  }

  @Test
  void tokenIdsOfGgufFilesComeAlong() throws IOException {
    ObjectNode config = config(export(synthetic(GgufMix.Q8_0)));

    assertEquals(VOCABULARY - 2, config.get("bos_token_id").intValue());
    assertEquals(VOCABULARY - 1, config.get("eos_token_id").intValue());
  }

  @Test
  void tokenIdsOfDirectoriesComeAlongAsTheyAre() throws IOException {
    String ids = ", \"bos_token_id\": 1, \"eos_token_id\": [2, 3]";
    String text = CONFIG.formatted(VOCABULARY, ids);
    Path source = Checkpoints.random(directory.resolve("source"), text, (parameter, values) -> {});

    ObjectNode config = config(export(source));

    assertEquals(1, config.get("bos_token_id").intValue());
    assertEquals("[2,3]", config.get("eos_token_id").toString());
  }

  @Test
  void whatTheSourceDoesNotSayIsNotSaid() throws IOException {
    String text = CONFIG.formatted(VOCABULARY, "");
    Path source = Checkpoints.random(directory.resolve("source"), text, (parameter, values) -> {});

    ObjectNode config = config(export(source));

    assertFalse(config.has("bos_token_id"));
    assertFalse(config.has("eos_token_id"));
  }

  private Path synthetic(GgufMix mix) {
    Path file = directory.resolve("model.gguf");
    Config config = Config.parse("config.json", CONFIG.formatted(VOCABULARY, ""));
    new SyntheticModel("model", Families.spec(config), mix, 1).write(file, written -> {});
    return file;
  }

  private Path export(Path source) {
    Path exported = directory.resolve("exported");
    new HubConversion(Optional.empty(), note -> {}).convert(source, exported);
    return exported;
  }

  private static ObjectNode config(Path exported) {
    return JsonFiles.read(exported.resolve("config.json"));
  }
}
