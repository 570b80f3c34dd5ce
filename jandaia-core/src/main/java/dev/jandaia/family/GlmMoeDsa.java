package dev.jandaia.family;

import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * GLM-5: the sparse attention of DeepSeek-V3.2 with an indexer in some layers, whose choice serves
 * the layers up to the next (2603.12201).
 */
final class GlmMoeDsa implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_act", "silu"),
          Map.entry("rms_norm_eps", 1e-5),
          Map.entry("rope_theta", 10_000.0),
          Map.entry("max_position_embeddings", 202_752),
          Map.entry("q_lora_rank", 2048),
          Map.entry("kv_lora_rank", 512),
          Map.entry("qk_nope_head_dim", 192),
          Map.entry("qk_rope_head_dim", 64),
          Map.entry("v_head_dim", 256),
          Map.entry("n_shared_experts", 1),
          Map.entry("num_experts_per_tok", 8),
          Map.entry("moe_intermediate_size", 2048),
          Map.entry("first_k_dense_replace", 3),
          Map.entry("routed_scaling_factor", 2.5),
          Map.entry("n_group", 1),
          Map.entry("topk_group", 1),
          Map.entry("index_n_heads", 32),
          Map.entry("index_head_dim", 128),
          Map.entry("index_topk", 2048));

  @Override
  public String name() {
    return "glm_moe_dsa";
  }

  @Override
  public String architecture() {
    return "GlmMoeDsaForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    return DeepseekSparse.spec(name(), config, Pairing.NEIGHBOURS, indexers(config));
  }

  /** Which layers have an indexer: by a list, a pattern of letters, or every so many layers. */
  private static IntPredicate indexers(Config config) {
    int layers = config.positive("num_hidden_layers");
    if (config.has("indexer_types")) {
      return listed(config, "indexer_types", config.texts("indexer_types").orElseThrow(), layers);
    }
    String pattern = "index_topk_pattern";
    if (config.isText(pattern)) {
      List<String> letters =
          config.text(pattern).codePoints().mapToObj(Character::toString).toList();
      return listed(config, pattern, letters, layers);
    }
    if (config.has(pattern)) {
      return listed(config, pattern, config.texts(pattern).orElseThrow(), layers);
    }
    int frequency = Math.max(1, config.integer("index_topk_freq", 1));
    int offset = config.integer("index_skip_topk_offset", 2);
    return layer -> Math.max(layer - offset + 1, 0) % frequency == 0;
  }

  private static IntPredicate listed(Config config, String field, List<String> types, int layers) {
    boolean known = types.stream().allMatch(List.of("full", "shared", "F", "S")::contains);
    if (!known || types.size() < layers) {
      throw config.bad(field, "full or shared (F or S) for each of %d layers".formatted(layers));
    }
    return layer -> types.get(layer).toLowerCase(Locale.ROOT).startsWith("f");
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    DeepseekSparse.write(spec, config);
    config.putTexts(
        "indexer_types",
        new SpecLayers(spec)
            .mixers(LatentAttention.class)
            .map(attention -> attention.indexer().isPresent() ? "full" : "shared")
            .toList());
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
  public boolean isSurplus(ModelSpec spec, String tensor) {
    return Family.super.isSurplus(spec, tensor) || DeepseekSparse.isPrediction(spec, tensor);
  }
}
