package dev.jandaia.train.arithmetic;

import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.checkpoint.SafetensorsWriter;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.load.StoredTensors;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.train.GgufModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The architecture of the embedded model, a small Qwen3, and its two forms on disk. */
final class ArithmeticModel {
  private static final String CONFIG =
      """
      {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "vocab_size": 99,
        "hidden_size": 96,
        "intermediate_size": 256,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 32,
        "max_position_embeddings": 512,
        "rms_norm_eps": 1e-06,
        "rope_theta": 10000.0,
        "hidden_act": "silu",
        "attention_bias": false,
        "tie_word_embeddings": true,
        "eos_token_id": 3,
        "dtype": "float32"
      }
      """;

  private static final String DESCRIPTION =
      "Adds and subtracts numbers of two digits and shows the work. Trained from nothing by Jandaia"
          + " itself; runs/arithmetic.sh is the recipe.";

  private ArithmeticModel() {}

  static ModelSpec spec() {
    return Families.spec(Config.parse("arithmetic/config.json", CONFIG));
  }

  /** Writes config.json and model.safetensors, all weights in f32. */
  static void writeDirectory(Path directory, StoredTensors.Values values) {
    ModelSpec spec = spec();
    List<TensorOutput> tensors = StoredTensors.arrange(spec, Families.of(spec.family()), values);
    SafetensorsWriter.write(
        directory.resolve("model.safetensors"), Map.of("format", "pt"), tensors);
    try {
      Files.writeString(directory.resolve("config.json"), CONFIG);
    } catch (IOException e) {
      throw new JandaiaException(directory + ": config.json cannot be written: " + e, e);
    }
  }

  /** Writes one GGUF file with the tokenizer inside, matrices in Q8_0. */
  static void writeGguf(Path file, StoredTensors.Values values) {
    Map<String, GgufValue> further = new LinkedHashMap<>();
    further.put("general.name", GgufValue.of("Jandaia arithmetic"));
    further.put("general.description", GgufValue.of(DESCRIPTION));
    further.put("general.license", GgufValue.of("apache-2.0"));
    further.putAll(ArithmeticTokens.metadata());
    GgufModelFile.write(file, spec(), values, DType.Q8_0, further);
  }
}
