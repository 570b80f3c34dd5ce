package dev.jandaia.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.checkpoint.HfDirectory;
import dev.jandaia.checkpoint.SafetensorsWriter;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.checkpoint.WeightSource;
import dev.jandaia.convert.HubConversion;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.TokenPrediction;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.block.BlockCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Modules for multi-token prediction of random weights under their published names, against {@link
 * PredictionReference} and {@link ConnectedPredictionReference}; before and after the checkpoint is
 * written again.
 */
class PredictionTest {
  private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3};
  private static final int HIDDEN = 8;
  private static final int VOCAB = 11;
  private static final double EPSILON = 1e-3;

  private static final String DEEPSEEK =
      """
      {"model_type": "deepseek_v3", "vocab_size": 11, "hidden_size": 8, "intermediate_size": 6,
       "num_hidden_layers": 2, "num_attention_heads": 2, "num_nextn_predict_layers": 2,
       "q_lora_rank": 6, "kv_lora_rank": 5, "qk_nope_head_dim": 2, "qk_rope_head_dim": 4,
       "v_head_dim": 3, "first_k_dense_replace": 1, "n_routed_experts": 6, "n_group": 3,
       "topk_group": 2, "num_experts_per_tok": 3, "moe_intermediate_size": 5,
       "routed_scaling_factor": 1.7, "rms_norm_eps": 1e-3}
      """;
  private static final String GLM =
      """
      {"model_type": "glm4_moe", "vocab_size": 11, "hidden_size": 8, "intermediate_size": 6,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4,
       "num_nextn_predict_layers": 1, "attention_bias": true, "use_qk_norm": true,
       "first_k_dense_replace": 1, "n_routed_experts": 4, "num_experts_per_tok": 2,
       "moe_intermediate_size": 5, "routed_scaling_factor": 2.5, "rms_norm_eps": 1e-3}
      """;
  private static final String QWEN =
      """
      {"model_type": "qwen3_next", "vocab_size": 11, "hidden_size": 8, "intermediate_size": 6,
       "num_hidden_layers": 4, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
       "linear_num_key_heads": 2, "linear_num_value_heads": 2, "linear_key_head_dim": 4,
       "linear_value_head_dim": 4, "num_experts": 4, "num_experts_per_tok": 2,
       "moe_intermediate_size": 5, "shared_expert_intermediate_size": 5, "rms_norm_eps": 1e-3}
      """;

  private static final String DEEPSEEK_V4 =
      """
      {"model_type": "deepseek_v4", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 3,
       "num_attention_heads": 4, "head_dim": 6, "qk_rope_head_dim": 4, "q_lora_rank": 5,
       "sliding_window": 4, "o_groups": 2, "o_lora_rank": 3, "compress_ratios": [0, 4, 128, 0, 0],
       "index_n_heads": 2, "index_head_dim": 4, "index_topk": 2, "num_hash_layers": 0,
       "n_routed_experts": 5, "num_experts_per_tok": 2, "moe_intermediate_size": 5,
       "routed_scaling_factor": 1.5, "swiglu_limit": 0.7, "hc_mult": 3, "hc_sinkhorn_iters": 4,
       "hc_eps": 1e-3, "num_nextn_predict_layers": 2, "rms_norm_eps": 1e-3}
      """;
  private static final int STREAMS = 3;

  /** A module after a module, in float64. */
  private interface Reference {
    double[][] module(int module, int[] next, double[][] hidden);

    double[][] logits(int module, double[][] known);
  }

  @TempDir Path directory;
  private final Map<String, float[]> tensors = new LinkedHashMap<>();
  private final Map<String, Shape> shapes = new LinkedHashMap<>();

  @Test
  void deepseekPredictsTwoTokensFurther() throws IOException {
    write(DEEPSEEK);
    deepseekModule("model.layers.2.");
    deepseekModule("model.layers.3.");
    PredictionReference reference = new PredictionReference(tensors, false, EPSILON);
    check(
        List.of(beyond("model.layers.2."), beyond("model.layers.3.")),
        reference,
        (layer, x) -> reference.latent(layer, x, 2, 2, 4, 3),
        (layer, logits) -> reference.balanced(layer, logits, 3, 2, 3, 1.7));
  }

  @Test
  void glmPredictsATokenFurther() throws IOException {
    write(GLM);
    glmModule();
    PredictionReference reference = new PredictionReference(tensors, false, EPSILON);
    check(
        List.of(beyond("model.layers.2.")),
        reference,
        (layer, x) -> reference.grouped(layer, x, 4, 2, 4, 2, false),
        (layer, logits) -> reference.balanced(layer, logits, 1, 1, 2, 2.5));
  }

  @Test
  void qwenPredictsATokenFurther() throws IOException {
    write(QWEN);
    String layer = "mtp.layers.0.";
    around("mtp.pre_fc_norm_embedding", "mtp.pre_fc_norm_hidden", "mtp.fc", "mtp.norm");
    norms(layer, "input_layernorm", "post_attention_layernorm");
    add(layer + "self_attn.q_proj.weight", 2 * 32, HIDDEN);
    add(layer + "self_attn.k_proj.weight", 16, HIDDEN);
    add(layer + "self_attn.v_proj.weight", 16, HIDDEN);
    add(layer + "self_attn.q_norm.weight", 8);
    add(layer + "self_attn.k_norm.weight", 8);
    add(layer + "self_attn.o_proj.weight", HIDDEN, 32);
    add(layer + "mlp.gate.weight", 4, HIDDEN);
    add(layer + "mlp.shared_expert_gate.weight", 1, HIDDEN);
    experts(layer, 4, "shared_expert");
    PredictionReference reference = new PredictionReference(tensors, true, EPSILON);
    check(
        List.of(
            new PredictionReference.Names(
                layer,
                "mtp.pre_fc_norm_embedding",
                "mtp.pre_fc_norm_hidden",
                "mtp.fc",
                "mtp.norm")),
        reference,
        (at, x) -> reference.grouped(at, x, 4, 2, 8, 2, true),
        (_, logits) -> PredictionReference.softmax(logits, 2));
  }

  @Test
  void connectedStreamsPredictTwoTokensFurther() throws IOException {
    write(DEEPSEEK_V4);
    connectedModule("mtp.0.");
    connectedModule("mtp.1.");
    var reference =
        new ConnectedPredictionReference(
            tensors,
            new ConnectedPredictionReference.Sizes(
                STREAMS, HIDDEN, 4, 6, 4, 4, 2, 2, 1.5, 0.7, 4, 1e-3, EPSILON));
    check(
        2,
        STREAMS,
        new Reference() {
          @Override
          public double[][] module(int module, int[] next, double[][] hidden) {
            return reference.module(module, next, hidden);
          }

          @Override
          public double[][] logits(int module, double[][] known) {
            return reference.logits(module, known);
          }
        });
  }

  @Test
  void aCheckpointThatLostItsModuleStillLoads() throws IOException {
    for (String config : List.of(DEEPSEEK, GLM, QWEN, DEEPSEEK_V4)) {
      tensors.clear();
      write(config);
      save();
      try (LoadedModel loaded = LoadedModel.open(directory, Kernels.best())) {
        assertTrue(loaded.spec().prediction().isEmpty());
        assertEquals(List.of(), loaded.unread());
      }
    }
  }

  @Test
  void aConfigWithoutModulesLeavesTheirTensors() throws IOException {
    write(GLM.replace("\"num_nextn_predict_layers\": 1,", ""));
    glmModule();
    save();
    try (LoadedModel loaded = LoadedModel.open(directory, Kernels.best())) {
      assertTrue(loaded.spec().prediction().isEmpty());
      assertEquals(List.of(), loaded.unread());
    }
  }

  @Test
  void halfAModuleIsRefusedByName() throws IOException {
    write(GLM);
    glmModule();
    tensors.remove("model.layers.2.eh_proj.weight");
    save();
    JandaiaException e =
        assertThrows(
            JandaiaException.class, () -> LoadedModel.open(directory, Kernels.best()).close());
    assertTrue(e.getMessage().contains("model.layers.2.eh_proj.weight"), e.getMessage());
  }

  private void check(
      List<PredictionReference.Names> modules,
      PredictionReference reference,
      PredictionReference.Attention attention,
      PredictionReference.Routing routing)
      throws IOException {
    check(
        modules.size(),
        1,
        new Reference() {
          @Override
          public double[][] module(int module, int[] next, double[][] hidden) {
            return reference.module(modules.get(module), next, hidden, attention, routing);
          }

          @Override
          public double[][] logits(int module, double[][] known) {
            return reference.linear("lm_head", known);
          }
        });
  }

  private void check(int modules, int streams, Reference reference) {
    save();
    check(directory, modules, streams, reference);
    Path written = directory.resolve("written");
    new HubConversion(Optional.empty(), note -> fail(note)).convert(directory, written);
    assertSameTensors(written);
    check(written, modules, streams, reference);
  }

  /** A directory that was written again has every tensor under its name; copies are the model's. */
  private void assertSameTensors(Path written) {
    try (WeightSource source = HfDirectory.open(written)) {
      assertEquals(tensors.keySet(), source.tensors().keySet());
      tensors.forEach((name, values) -> {
        String origin = name.replaceFirst(".*\\.embed_tokens", "model.embed_tokens");
        float[] expected = tensors.get(origin.replaceFirst(".*\\.shared_head\\.head", "lm_head"));
        assertArrayEquals(expected, BlockCodec.floats(source.tensors().get(name)), name);
      });
    }
  }

  private static void check(Path directory, int modules, int streams, Reference reference) {
    try (LoadedModel loaded = LoadedModel.open(directory, Kernels.best());
        Workers workers = Workers.of(2)) {
      assertEquals(List.of(), loaded.unread());
      assertEquals(
          Optional.of(modules), loaded.spec().prediction().map(TokenPrediction::numModules));
      LanguageModel model = loaded.model();
      Compute compute = new Compute(Kernels.best(), workers);
      float[] known = hidden(model, compute, streams);
      int width = streams * HIDDEN;
      double[][] hidden = rows(known, width);
      for (int module = 0; module < modules; module++) {
        int[] next = Arrays.copyOfRange(IDS, module + 1, IDS.length);
        hidden = reference.module(module, next, Arrays.copyOf(hidden, next.length));
        double[][] logits = reference.logits(module, hidden);
        float[] found = {};
        for (int piece : List.of(1, 4, next.length)) {
          found = predict(model, compute, module, next, known, width, piece);
          float[] said =
              copy(model.predictionLogits(compute, module, matrix(compute, found, width)));
          assertNear(logits, said, "module %d in pieces of %d".formatted(module, piece));
        }
        known = found;
      }
    }
  }

  /** What the first module continues: the normalised state, or all streams before they merge. */
  private static float[] hidden(LanguageModel model, Compute compute, int streams) {
    Batch batch = new Batch();
    batch.add(model.newSequence(), IDS, 0, IDS.length);
    List<float[]> last = new ArrayList<>();
    Matrix merged =
        model.hidden(
            compute,
            batch,
            (index, x) -> {
              if (index == model.spec().numLayers()) {
                last.add(copy(x));
              }
            });
    return streams == 1 ? copy(merged) : last.getFirst();
  }

  /** What a module returns for a sequence that is seen in pieces. */
  private static float[] predict(
      LanguageModel model,
      Compute compute,
      int module,
      int[] next,
      float[] known,
      int width,
      int piece) {
    SequenceCache cache = model.newPrediction();
    float[] all = new float[next.length * width];
    while (cache.position() < next.length) {
      int start = cache.position();
      int count = Math.min(piece, next.length - start);
      Batch batch = new Batch();
      batch.add(cache, next, start, count);
      float[] part = Arrays.copyOfRange(known, start * width, (start + count) * width);
      int mark = compute.mark();
      Matrix found = model.predict(compute, module, batch, matrix(compute, part, width));
      System.arraycopy(copy(found), 0, all, start * width, count * width);
      compute.release(mark);
    }
    return all;
  }

  private static Matrix matrix(Compute compute, float[] values, int cols) {
    Matrix matrix = compute.take(values.length / cols, cols);
    System.arraycopy(values, 0, matrix.data(), matrix.offset(0), values.length);
    return matrix;
  }

  private static float[] copy(Matrix matrix) {
    return Arrays.copyOfRange(matrix.data(), matrix.offset(0), matrix.offset(0) + matrix.size());
  }

  private static double[][] rows(float[] values, int cols) {
    double[][] rows = new double[values.length / cols][cols];
    for (int i = 0; i < values.length; i++) {
      rows[i / cols][i % cols] = values[i];
    }
    return rows;
  }

  private static void assertNear(double[][] expected, float[] found, String what) {
    assertEquals(expected.length * VOCAB, found.length);
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected[i / VOCAB][i % VOCAB], found[i], 2e-5, what + ", element " + i);
    }
  }

  /** The model without its modules, at random. */
  private void write(String config) throws IOException {
    Files.writeString(directory.resolve("config.json"), config);
    ModelSpec spec = Families.spec(Config.parse("config.json", config));
    StoredTensors.arrange(
            spec,
            Families.of(spec.family()),
            parameter -> new float[Math.toIntExact(parameter.elements())])
        .forEach(tensor -> add(tensor.name(), tensor.shape().toArray()));
  }

  private static PredictionReference.Names beyond(String layer) {
    return new PredictionReference.Names(
        layer, layer + "enorm", layer + "hnorm", layer + "eh_proj", layer + "shared_head.norm");
  }

  /** What both families keep in a layer beyond the last, with the copies that are not read. */
  private void layerBeyond(String layer, int experts) {
    around(layer + "enorm", layer + "hnorm", layer + "eh_proj", layer + "shared_head.norm");
    add(layer + "embed_tokens.weight", VOCAB, HIDDEN);
    add(layer + "shared_head.head.weight", VOCAB, HIDDEN);
    norms(layer, "input_layernorm", "post_attention_layernorm");
    add(layer + "mlp.gate.weight", experts, HIDDEN);
    add(layer + "mlp.gate.e_score_correction_bias", experts);
    experts(layer, experts, "shared_experts");
  }

  private void deepseekModule(String layer) {
    layerBeyond(layer, 6);
    add(layer + "self_attn.q_a_proj.weight", 6, HIDDEN);
    add(layer + "self_attn.q_a_layernorm.weight", 6);
    add(layer + "self_attn.q_b_proj.weight", 2 * (2 + 4), 6);
    add(layer + "self_attn.kv_a_proj_with_mqa.weight", 5 + 4, HIDDEN);
    add(layer + "self_attn.kv_a_layernorm.weight", 5);
    add(layer + "self_attn.kv_b_proj.weight", 2 * (2 + 3), 5);
    add(layer + "self_attn.o_proj.weight", HIDDEN, 2 * 3);
  }

  private void glmModule() {
    String layer = "model.layers.2.";
    layerBeyond(layer, 4);
    for (String name : List.of("q_proj", "k_proj", "v_proj")) {
      int rows = name.equals("q_proj") ? 16 : 8;
      add(layer + "self_attn." + name + ".weight", rows, HIDDEN);
      add(layer + "self_attn." + name + ".bias", rows);
    }
    add(layer + "self_attn.q_norm.weight", 4);
    add(layer + "self_attn.k_norm.weight", 4);
    add(layer + "self_attn.o_proj.weight", HIDDEN, 16);
  }

  private void connectedModule(String module) {
    norms(module, "enorm", "hnorm", "norm", "attn_norm", "ffn_norm");
    add(module + "e_proj.weight", HIDDEN, HIDDEN);
    add(module + "h_proj.weight", HIDDEN, HIDDEN);
    connection(module + "hc_head", STREAMS, 1);
    connection(module + "hc_attn", STREAMS * (2 + STREAMS), 3);
    connection(module + "hc_ffn", STREAMS * (2 + STREAMS), 3);
    add(module + "attn.wq_a.weight", 5, HIDDEN);
    add(module + "attn.q_norm.weight", 5);
    add(module + "attn.wq_b.weight", 4 * 6, 5);
    add(module + "attn.wkv.weight", 6, HIDDEN);
    add(module + "attn.kv_norm.weight", 6);
    add(module + "attn.attn_sink", 4);
    add(module + "attn.wo_a.weight", 2 * 3, 2 * 6);
    add(module + "attn.wo_b.weight", HIDDEN, 2 * 3);
    add(module + "ffn.gate.weight", 5, HIDDEN);
    add(module + "ffn.gate.bias", 5);
    for (String name :
        List.of(
            "shared_experts", "experts.0", "experts.1", "experts.2", "experts.3", "experts.4")) {
      add(module + "ffn." + name + ".w1.weight", 5, HIDDEN);
      add(module + "ffn." + name + ".w2.weight", HIDDEN, 5);
      add(module + "ffn." + name + ".w3.weight", 5, HIDDEN);
    }
  }

  private void connection(String name, int coefficients, int parts) {
    add(name + "_fn", coefficients, STREAMS * HIDDEN);
    add(name + "_scale", parts);
    add(name + "_base", coefficients);
  }

  private void around(String embedding, String hidden, String projection, String norm) {
    norms("", embedding, hidden, norm);
    add(projection + ".weight", HIDDEN, 2 * HIDDEN);
  }

  private void norms(String prefix, String... names) {
    for (String name : names) {
      add(prefix + name + ".weight", HIDDEN);
    }
  }

  private void experts(String layer, int count, String shared) {
    List<String> names = new ArrayList<>(List.of(shared));
    for (int expert = 0; expert < count; expert++) {
      names.add("experts." + expert);
    }
    for (String name : names) {
      add(layer + "mlp." + name + ".gate_proj.weight", 5, HIDDEN);
      add(layer + "mlp." + name + ".up_proj.weight", 5, HIDDEN);
      add(layer + "mlp." + name + ".down_proj.weight", HIDDEN, 5);
    }
  }

  /** A tensor of random values, a seed of its own for each name. */
  private void add(String name, long... shape) {
    Random random = new Random(name.hashCode());
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    double deviation = shape.length == 1 ? 0.3 : 1.2 / Math.sqrt(shape[shape.length - 1]);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian() + (name.contains("norm") ? 0.5 : 0));
    }
    tensors.put(name, values);
    shapes.put(name, Shape.of(shape));
  }

  private void save() {
    List<TensorOutput> outputs = new ArrayList<>();
    tensors.forEach((name, values) -> outputs.add(TensorOutput.of(name, shapes.get(name), values)));
    SafetensorsWriter.write(directory.resolve("model.safetensors"), Map.of(), outputs);
  }
}
