package dev.jandaia.family;

import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Temperature;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Mistral Small 4 and the shape of Mistral Large 3: the latent attention of DeepSeek with queries
 * that grow with their position, and softmax routing.
 */
final class Mistral4 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_act", "silu"),
          Map.entry("rms_norm_eps", 1e-6),
          Map.entry("rope_theta", 10_000.0),
          Map.entry("max_position_embeddings", 1_048_576),
          Map.entry("q_lora_rank", 1024),
          Map.entry("kv_lora_rank", 256),
          Map.entry("qk_nope_head_dim", 64),
          Map.entry("qk_rope_head_dim", 64),
          Map.entry("v_head_dim", 128),
          Map.entry("n_shared_experts", 1),
          Map.entry("num_experts_per_tok", 4),
          Map.entry("moe_intermediate_size", 2048),
          Map.entry("first_k_dense_replace", 0),
          Map.entry("routed_scaling_factor", 1.0));

  private static final Map<String, ?> ROPE =
      Map.of(
          "rope_type",
          "yarn",
          "rope_theta",
          10_000.0,
          "factor",
          128.0,
          "original_max_position_embeddings",
          8192,
          "beta_fast",
          32.0,
          "beta_slow",
          1.0,
          "mscale",
          1.0,
          "mscale_all_dim",
          1.0,
          "llama_4_scaling_beta",
          0.1);

  @Override
  public String name() {
    return "mistral4";
  }

  @Override
  public String architecture() {
    return "Mistral4ForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config =
        Ministral3.withRope(Multimodal.language(published).withDefaults(DEFAULTS), ROPE);
    if (!config.has("n_routed_experts")) {
      config =
          config.withDefaults(Map.of("n_routed_experts", config.integer("num_local_experts", 128)));
    }
    config.requireFlag("mlp_bias", false);
    Router router =
        new Router(
            config.integer("num_experts_per_tok"),
            Router.Scoring.SOFTMAX,
            false,
            false,
            new Router.Groups(
                config.integer("n_group", 1),
                config.integer("topk_group", 1),
                Router.GroupScore.TOP_TWO),
            config.flag("norm_topk_prob", true),
            config.number("routed_scaling_factor"));
    return Deepseek.spec(name(), config, router, Rope.of(config).temperature());
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    // Without a word on RoPE the published class stretches it.
    config.object("rope_scaling").put("rope_type", "default");
    Deepseek.write(spec, config);
    LatentAttention attention = new SpecLayers(spec).mixer(LatentAttention.class);
    // The published class asks for numbers even where queries do not grow.
    RopeFields.temperature(
        config,
        attention.temperature() instanceof Temperature.None
            ? new Temperature.Logarithmic(0, spec.contextLength(), 0)
            : attention.temperature());
    config.put(
        "partial_rotary_factor", RopeFields.part(attention.ropeDim(), attention.queryKeyDim()));
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return ExpertStacks.MLP.locate(spec, parameter).or(() -> Deepseek.NAMES.locate(parameter));
  }

  @Override
  public List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    return Stream.of(locate(spec, parameter), Deepseek.NAMES.locate(parameter))
        .flatMap(view -> Multimodal.candidates(view).stream())
        .distinct()
        .toList();
  }

  @Override
  public boolean isSurplus(ModelSpec spec, String tensor) {
    return Family.super.isSurplus(spec, tensor) || Multimodal.isSurplus(tensor);
  }
}
