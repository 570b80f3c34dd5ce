package dev.jandaia.train.arithmetic;

import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.checkpoint.GgufWriter;
import dev.jandaia.checkpoint.SafetensorsWriter;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.load.StoredTensors;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.train.Trainer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
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
        "tie_word_embeddings": true,
        "eos_token_id": 3,
        "dtype": "float32"
      }
      """;
  private static final DType GGUF_MATRICES = DType.Q8_0;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

  private ArithmeticModel() {}

  static ModelSpec spec() {
    return Families.spec(Config.parse("arithmetic/config.json", CONFIG));
  }

  /** Writes config.json and model.safetensors, all weights in f32. */
  static void writeDirectory(Path directory, Trainer trainer) {
    ModelSpec spec = spec();
    List<TensorOutput> tensors =
        StoredTensors.arrange(
            spec, Families.of(spec.family()), parameter -> trainer.values(parameter.path()));
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("config.json"), CONFIG);
    } catch (IOException e) {
      throw new JandaiaException(directory + ": cannot be written: " + e, e);
    }
    SafetensorsWriter.write(
        directory.resolve("model.safetensors"), Map.of("format", "pt"), tensors);
  }

  /** Writes one GGUF file with the tokenizer inside, matrices in Q8_0. */
  static void writeGguf(Path file, Trainer trainer) {
    List<TensorOutput> tensors =
        Parameters.of(spec()).stream()
            .map(parameter -> output(parameter, trainer.values(parameter.path())))
            .toList();
    GgufWriter.write(file, metadata(), tensors);
  }

  private static TensorOutput output(ParameterSpec parameter, float[] values) {
    long[] dims = parameter.shape().stream().mapToLong(Integer::longValue).toArray();
    MemorySegment data = MemorySegment.ofArray(new byte[4 * values.length]);
    MemorySegment.copy(values, 0, data, FLOAT.withByteAlignment(1), 0, values.length);
    Tensor tensor = new Tensor(ggufName(parameter.path()), DType.F32, Shape.of(dims), data);
    return TensorOutput.recoded(tensor, dims.length == 1 ? DType.F32 : GGUF_MATRICES);
  }

  private static Map<String, GgufValue> metadata() {
    Config config = Config.parse("arithmetic/config.json", CONFIG);
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", GgufValue.of("qwen3"));
    metadata.put("general.name", GgufValue.of("Jandaia arithmetic"));
    metadata.put(
        "general.description",
        GgufValue.of(
            "Adds and subtracts numbers of two digits, showing the work. Trained from nothing by"
                + " Jandaia itself: runs/arithmetic.sh."));
    metadata.put("general.license", GgufValue.of("apache-2.0"));
    Map.of(
            "block_count", "num_hidden_layers",
            "context_length", "max_position_embeddings",
            "embedding_length", "hidden_size",
            "feed_forward_length", "intermediate_size",
            "attention.head_count", "num_attention_heads",
            "attention.head_count_kv", "num_key_value_heads",
            "attention.key_length", "head_dim",
            "attention.value_length", "head_dim",
            "vocab_size", "vocab_size")
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry ->
            metadata.put(
                "qwen3." + entry.getKey(), GgufValue.u32(config.integer(entry.getValue()))));
    metadata.put(
        "qwen3.attention.layer_norm_rms_epsilon", GgufValue.f32(config.number("rms_norm_eps")));
    metadata.put("qwen3.rope.freq_base", GgufValue.f32(config.number("rope_theta")));
    metadata.putAll(ArithmeticTokens.metadata());
    return metadata;
  }

  /** Where a GGUF file keeps a parameter. */
  static String ggufName(String path) {
    return path.replaceFirst("^blocks\\.", "blk.")
        .replace("embedding.tokens", "token_embd")
        .replace("finalNorm", "output_norm")
        .replace("mixerNorm", "attn_norm")
        .replace("mixer.queryNorm", "attn_q_norm")
        .replace("mixer.keyNorm", "attn_k_norm")
        .replace("mixer.query", "attn_q")
        .replace("mixer.key", "attn_k")
        .replace("mixer.value", "attn_v")
        .replace("mixer.output", "attn_output")
        .replace("feedForwardNorm", "ffn_norm")
        .replace("feedForward.", "ffn_");
  }
}
