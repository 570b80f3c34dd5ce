package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * GLM-4.5 and after (2508.06471): grouped-query attention with RoPE on part of each head, the
 * routing of DeepSeek-V3, and a module for multi-token prediction like its.
 */
final class Glm4Moe implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_act", "silu"),
          Map.entry("rms_norm_eps", 1e-5),
          Map.entry("rope_theta", 10_000.0),
          Map.entry("partial_rotary_factor", 0.5),
          Map.entry("max_position_embeddings", 131_072),
          Map.entry("num_key_value_heads", 8),
          Map.entry("moe_intermediate_size", 1408),
          Map.entry("num_experts_per_tok", 8),
          Map.entry("n_shared_experts", 1),
          Map.entry("routed_scaling_factor", 1.0),
          Map.entry("n_group", 1),
          Map.entry("topk_group", 1),
          Map.entry("first_k_dense_replace", 1));

  private static final HubNames NAMES = Deepseek.NAMES.withQueryKeyNorms();

  @Override
  public String name() {
    return "glm4_moe";
  }

  @Override
  public String architecture() {
    return "Glm4MoeForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    QkNorm qkNorm = config.flag("use_qk_norm", false) ? new QkNorm.PerHead(norm) : QkNorm.NONE;
    Mixer attention =
        dims.attention(Rope.of(config).partialRotary(dims.headDim(), Pairing.HALVES))
            .withBias(config.flag("attention_bias", false), false)
            .withQkNorm(qkNorm);
    FeedForward dense = GatedMlps.read(config, "intermediate_size");
    FeedForward sparse = experts(config);
    int firstSparse = config.integer("first_k_dense_replace");
    Residual residual = new Residual.PreNorm(norm);
    List<BlockSpec> blocks =
        dims.layers(i -> new BlockSpec(attention, i < firstSparse ? dense : sparse, residual));
    return PredictionNames.addTo(
        dims.model(name(), blocks, norm), config.integer("num_nextn_predict_layers", 0));
  }

  private static MixtureOfExperts experts(Config config) {
    Router router =
        new Router(
            config.integer("num_experts_per_tok"),
            Router.Scoring.SIGMOID,
            false,
            true,
            new Router.Groups(
                config.integer("n_group"), config.integer("topk_group"), Router.GroupScore.TOP_TWO),
            config.flag("norm_topk_prob", true),
            config.number("routed_scaling_factor"));
    GatedMlp expert = GatedMlps.read(config, "moe_intermediate_size");
    return new MixtureOfExperts(
        config.integer(config.has("n_routed_experts") ? "n_routed_experts" : "num_local_experts"),
        router,
        expert,
        Deepseek.shared(config, expert));
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    GroupedQueryAttention attention = layers.attention();
    config
        .sizes(spec)
        .predictions(spec, "num_nextn_predict_layers")
        .heads(attention)
        .put("attention_bias", attention.inputBias())
        .put("use_qk_norm", attention.qkNorm() instanceof QkNorm.PerHead)
        .mlp(layers.denseOrExpert(), "intermediate_size");
    RopeFields.writePartial(config, attention.position(), attention.headDim());
    Deepseek.writeExperts(layers, config);
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return NAMES.locate(parameter);
  }

  @Override
  public List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    return Stream.of(locate(spec, parameter), ExpertStacks.MLP.locate(spec, parameter))
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public List<TensorView> predictionCandidates(ModelSpec spec, ParameterSpec parameter) {
    return PredictionNames.LAYERS_BEYOND.candidates(this, spec, parameter);
  }

  @Override
  public Map<String, String> predictionCopies(ModelSpec spec) {
    return PredictionNames.LAYERS_BEYOND.copies(spec);
  }

  /** A module for multi-token prediction in files whose config denies it, or its copies. */
  @Override
  public boolean isSurplus(ModelSpec spec, String tensor) {
    return Family.super.isSurplus(spec, tensor)
        || HubNames.layer(tensor).orElse(0) >= spec.numLayers();
  }
}
