package dev.jandaia.family;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.Map;
import java.util.Optional;

/** DeepSeek-V2 (2405.04434): softmax routing, groups judged by their best, never renormalised. */
final class DeepseekV2 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_act", "silu"),
          Map.entry("rms_norm_eps", 1e-6),
          Map.entry("rope_theta", 10_000.0),
          Map.entry("max_position_embeddings", 2048),
          Map.entry("q_lora_rank", 1536),
          Map.entry("kv_lora_rank", 512),
          Map.entry("qk_nope_head_dim", 128),
          Map.entry("qk_rope_head_dim", 64),
          Map.entry("v_head_dim", 128),
          Map.entry("n_routed_experts", 64),
          Map.entry("n_shared_experts", 2),
          Map.entry("moe_intermediate_size", 1407),
          Map.entry("first_k_dense_replace", 0),
          Map.entry("routed_scaling_factor", 1.0),
          Map.entry("topk_method", "greedy"));

  @Override
  public String name() {
    return "deepseek_v2";
  }

  @Override
  public String architecture() {
    return "DeepseekV2ForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    config.requireText("topk_method", "greedy", "group_limited_greedy");
    config.requireText("scoring_func", "softmax");
    Router router =
        new Router(
            config.integer("num_experts_per_tok"),
            Router.Scoring.SOFTMAX,
            false,
            false,
            groups(config),
            false,
            config.number("routed_scaling_factor"));
    return Deepseek.spec(name(), config, router);
  }

  private static Router.Groups groups(Config config) {
    return config.text("topk_method").equals("greedy")
        ? Router.Groups.NONE
        : new Router.Groups(
            config.integer("n_group"), config.integer("topk_group"), Router.GroupScore.MAX);
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    Deepseek.write(spec, config);
    boolean grouped = new SpecLayers(spec).experts().router().groups().count() > 1;
    config.put("topk_method", grouped ? "group_limited_greedy" : "greedy");
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return Deepseek.NAMES.locate(parameter);
  }
}
