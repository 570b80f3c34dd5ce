package dev.jandaia.family;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * DeepSeek-V3.2 (2512.02556): every layer has an indexer, which pairs elements half a head apart
 * where attention pairs neighbours.
 */
final class DeepseekV32 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_act", "silu"),
          Map.entry("rms_norm_eps", 1e-6),
          Map.entry("rope_theta", 10_000.0),
          Map.entry("max_position_embeddings", 163_840),
          Map.entry("q_lora_rank", 1536),
          Map.entry("kv_lora_rank", 512),
          Map.entry("qk_nope_head_dim", 128),
          Map.entry("qk_rope_head_dim", 64),
          Map.entry("v_head_dim", 128),
          Map.entry("n_shared_experts", 1),
          Map.entry("num_experts_per_tok", 8),
          Map.entry("moe_intermediate_size", 2048),
          Map.entry("first_k_dense_replace", 3),
          Map.entry("routed_scaling_factor", 2.5),
          Map.entry("n_group", 8),
          Map.entry("topk_group", 4),
          Map.entry("index_n_heads", 64),
          Map.entry("index_head_dim", 128),
          Map.entry("index_topk", 2048));

  @Override
  public String name() {
    return "deepseek_v32";
  }

  @Override
  public String architecture() {
    return "DeepseekV32ForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    return PredictionNames.addTo(
        DeepseekSparse.spec(name(), config, Pairing.HALVES, layer -> true),
        config.integer("num_nextn_predict_layers", 0));
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    DeepseekSparse.write(spec, config);
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return DeepseekSparse.locate(parameter);
  }

  @Override
  public List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    return DeepseekSparse.candidates(spec, parameter);
  }

  @Override
  public List<TensorView> predictionCandidates(ModelSpec spec, ParameterSpec parameter) {
    return PredictionNames.LAYERS_BEYOND.candidates(this, spec, parameter);
  }

  @Override
  public Map<String, String> predictionCopies(ModelSpec spec) {
    return PredictionNames.LAYERS_BEYOND.copies(spec);
  }

  @Override
  public boolean isSurplus(ModelSpec spec, String tensor) {
    return Family.super.isSurplus(spec, tensor) || DeepseekSparse.isPrediction(spec, tensor);
  }
}
