package dev.jandaia.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.checkpoint.SafetensorsWriter;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.convert.GgufConversion;
import dev.jandaia.convert.Quantisation;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.family.Family;
import dev.jandaia.family.TensorView;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Modules for multi-token prediction say the same when they come from a GGUF file. */
class GgufPredictionTest {
  private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6};

  private static final String LATENT =
      """
      {"model_type": "%s", "vocab_size": 11, "hidden_size": 8, "intermediate_size": 6,
       "num_hidden_layers": 2, "num_attention_heads": 2, "num_nextn_predict_layers": 2,
       "q_lora_rank": 6, "kv_lora_rank": 5, "qk_nope_head_dim": 2, "qk_rope_head_dim": 4,
       "v_head_dim": 3, "first_k_dense_replace": 1, "n_routed_experts": 6, "n_group": 3,
       "topk_group": 2, "num_experts_per_tok": 3, "moe_intermediate_size": 5,
       "index_n_heads": 2, "index_head_dim": 6, "index_topk": 4,
       "routed_scaling_factor": 1.7, "rms_norm_eps": 1e-3}
      """;

  private static final String GLM =
      """
      {"model_type": "%s", "vocab_size": 11, "hidden_size": 8, "intermediate_size": 6,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4,
       "num_nextn_predict_layers": 1, "attention_bias": true, "use_qk_norm": true,
       "first_k_dense_replace": 1, "n_routed_experts": 4, "num_experts_per_tok": 2,
       "moe_intermediate_size": 5, "routed_scaling_factor": 2.5, "rms_norm_eps": 1e-3}
      """;

  /** Two value heads to a key head, which GGUF keeps in another order. */
  private static final String QWEN =
      """
      {"model_type": "%s", "vocab_size": 11, "hidden_size": 8, "intermediate_size": 6,
       "num_hidden_layers": 4, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
       "linear_num_key_heads": 2, "linear_num_value_heads": 4, "linear_key_head_dim": 4,
       "linear_value_head_dim": 4, "num_experts": 4, "num_experts_per_tok": 2,
       "mtp_num_hidden_layers": 1, "max_position_embeddings": 64,
       "moe_intermediate_size": 5, "shared_expert_intermediate_size": 5, "rms_norm_eps": 1e-3}
      """;

  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "deepseek_v3, 2",
    "deepseek_v32, 2",
    "glm4_moe, 1",
    "qwen3_next, 1",
    "qwen3_5_text, 1",
    "qwen3_5_moe_text, 1"
  })
  void modulesSayTheSame(String family, int modules) throws IOException {
    Path directory = random(family);
    Path file = temporary.resolve("model.gguf");
    new GgufConversion(new Quantisation(DType.F32), note -> {}).convert(directory, file);
    try (LoadedModel before = LoadedModel.open(directory, Kernels.best());
        LoadedModel after = LoadedModel.open(file, Kernels.best())) {
      assertEquals(List.of(), after.unread());
      assertEquals(modules, after.spec().prediction().orElseThrow().numModules());
      for (int module = 0; module < modules; module++) {
        // gains of zero-centred norms are stored with their one, which rounds them
        assertArrayEquals(said(before, module), said(after, module), 1e-5f);
      }
    }
  }

  @Test
  void blocksOfModulesAreCounted() throws IOException {
    Path file = temporary.resolve("model.gguf");
    new GgufConversion(new Quantisation(DType.F32), note -> {})
        .convert(random("deepseek_v3"), file);
    try (GgufFile written = GgufFile.open(file)) {
      assertEquals(4L, written.metadata().get("deepseek2.block_count"));
      assertEquals(2L, written.metadata().get("deepseek2.nextn_predict_layers"));
      assertEquals(Shape.of(8, 16), written.tensor("blk.3.nextn.eh_proj.weight").shape());
    }
  }

  /** What a module makes of the model's own hidden states, as logits. */
  private static float[] said(LoadedModel loaded, int module) {
    try (Workers workers = Workers.of(2)) {
      Compute compute = new Compute(Kernels.best(), workers);
      Batch batch = new Batch();
      batch.add(loaded.model().newSequence(), IDS, 0, IDS.length);
      Matrix hidden = loaded.model().hidden(compute, batch, LanguageModel.Observer.NONE);
      Batch next = new Batch();
      next.add(loaded.model().newPrediction(), IDS, 0, IDS.length);
      Matrix foreseen = loaded.model().predict(compute, module, next, hidden);
      Matrix logits = loaded.model().logits(compute, foreseen);
      return Arrays.copyOfRange(logits.data(), logits.offset(0), logits.offset(0) + logits.size());
    }
  }

  /** A directory of a model with modules, at random. */
  private Path random(String type) throws IOException {
    String config = config(type).formatted(type);
    Path directory = Files.createDirectory(temporary.resolve(type));
    Files.writeString(directory.resolve("config.json"), config);
    ModelSpec spec = Families.spec(Config.parse("config.json", config));
    Family family = Families.of(spec.family());
    Random random = new Random(1);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (ParameterSpec parameter : Parameters.of(spec)) {
      fill(family.locate(spec, parameter).orElseThrow(), tensors, shapes, random);
    }
    for (ParameterSpec parameter : Parameters.ofPrediction(spec)) {
      TensorView view = family.predictionCandidates(spec, parameter).getFirst();
      fill(view, tensors, shapes, random);
    }
    List<TensorOutput> outputs = new ArrayList<>();
    tensors.forEach((name, values) -> outputs.add(TensorOutput.of(name, shapes.get(name), values)));
    SafetensorsWriter.write(directory.resolve("model.safetensors"), Map.of(), outputs);
    return directory;
  }

  private static String config(String type) {
    return type.startsWith("qwen") ? QWEN : type.startsWith("glm") ? GLM : LATENT;
  }

  private static void fill(
      TensorView view, Map<String, float[]> tensors, Map<String, Shape> shapes, Random random) {
    float[] values = new float[Math.toIntExact(view.storedElements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() / 2;
    }
    tensors.put(view.tensor(), values);
    shapes.put(
        view.tensor(), Shape.of(view.storedShape().stream().mapToLong(Long::longValue).toArray()));
  }
}
