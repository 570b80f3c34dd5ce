package dev.jandaia.family;

import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * DeepSeek-V3 and R1 (2412.19437), Kimi K2 (2507.20534): sigmoid routing, balanced by a bias that
 * only affects the choice; modules for multi-token prediction.
 */
final class DeepseekV3 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_act", "silu"),
          Map.entry("rms_norm_eps", 1e-6),
          Map.entry("rope_theta", 10_000.0),
          Map.entry("max_position_embeddings", 4096),
          Map.entry("q_lora_rank", 1536),
          Map.entry("kv_lora_rank", 512),
          Map.entry("qk_nope_head_dim", 128),
          Map.entry("qk_rope_head_dim", 64),
          Map.entry("v_head_dim", 128),
          Map.entry("n_routed_experts", 256),
          Map.entry("n_shared_experts", 1),
          Map.entry("num_experts_per_tok", 8),
          Map.entry("moe_intermediate_size", 2048),
          Map.entry("first_k_dense_replace", 3),
          Map.entry("routed_scaling_factor", 2.5),
          Map.entry("norm_topk_prob", true),
          Map.entry("topk_method", "noaux_tc"),
          Map.entry("scoring_func", "sigmoid"),
          Map.entry("n_group", 8),
          Map.entry("topk_group", 4));

  @Override
  public String name() {
    return "deepseek_v3";
  }

  @Override
  public String architecture() {
    return "DeepseekV3ForCausalLM";
  }

  @Override
  public List<String> aliases() {
    return List.of("kimi_k2");
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    // Mistral Large 3 is published as this family with softmax and without balancing.
    config.requireText("topk_method", "noaux_tc", "greedy");
    config.requireText("scoring_func", "sigmoid", "softmax");
    config.requireFlag("mlp_bias", false);
    boolean balanced = config.text("topk_method").equals("noaux_tc");
    Router router =
        new Router(
            config.integer("num_experts_per_tok"),
            config.text("scoring_func").equals("sigmoid")
                ? Router.Scoring.SIGMOID
                : Router.Scoring.SOFTMAX,
            false,
            balanced,
            balanced ? groups(config) : Router.Groups.NONE,
            config.flag("norm_topk_prob", true),
            config.number("routed_scaling_factor"));
    return PredictionNames.addTo(
        Deepseek.spec(name(), config, router), config.integer("num_nextn_predict_layers", 0));
  }

  private static Router.Groups groups(Config config) {
    return new Router.Groups(
        config.integer("n_group"), config.integer("topk_group"), Router.GroupScore.TOP_TWO);
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    Deepseek.write(spec, config);
    new SpecLayers(spec)
        .sparse()
        .map(MixtureOfExperts::router)
        .ifPresent(router -> write(router, config));
  }

  private static void write(Router router, HubFields config) {
    config
        .put("topk_method", router.correctionBias() ? "noaux_tc" : "greedy")
        .put("scoring_func", router.scoring() == Router.Scoring.SIGMOID ? "sigmoid" : "softmax");
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return Deepseek.NAMES.locate(parameter);
  }

  @Override
  public List<TensorView> predictionCandidates(ModelSpec spec, ParameterSpec parameter) {
    return PredictionNames.LAYERS_BEYOND.candidates(this, spec, parameter);
  }

  @Override
  public Map<String, String> predictionCopies(ModelSpec spec) {
    return PredictionNames.LAYERS_BEYOND.copies(spec);
  }

  /** Modules for multi-token prediction in files whose config denies them, or their copies. */
  @Override
  public boolean isSurplus(ModelSpec spec, String tensor) {
    return Family.super.isSurplus(spec, tensor)
        || HubNames.layer(tensor).orElse(0) >= spec.numLayers();
  }
}
