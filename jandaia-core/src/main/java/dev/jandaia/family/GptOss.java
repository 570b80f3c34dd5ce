package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * gpt-oss (2508.10925): attention with sinks, a window on every other layer, and experts whose
 * gates are clamped. Where the experts' tensors are see {@link GptOssExperts}.
 */
final class GptOss implements Family {
  private static final Map<String, ?> ROPE_SCALING =
      Map.of(
          "rope_type",
          "yarn",
          "factor",
          32.0,
          "beta_fast",
          32.0,
          "beta_slow",
          1.0,
          "truncate",
          false,
          "original_max_position_embeddings",
          4096);

  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_act", "silu"),
          Map.entry("rms_norm_eps", 1e-5),
          Map.entry("rope_theta", 150_000.0),
          Map.entry("head_dim", 64),
          Map.entry("max_position_embeddings", 131_072),
          Map.entry("sliding_window", 128),
          Map.entry("num_experts_per_tok", 4),
          Map.entry("attention_bias", true),
          Map.entry("swiglu_limit", 7.0));

  private static final HubNames NAMES =
      HubNames.LLAMA
          .with("blocks.#.mixer.sinks", "model.layers.#.self_attn.sinks")
          .with("blocks.#.feedForward.router", "model.layers.#.mlp.router");

  @Override
  public String name() {
    return "gpt_oss";
  }

  @Override
  public String architecture() {
    return "GptOssForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = withRope(published.withDefaults(DEFAULTS));
    config.requireText("hidden_act", "silu");
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    LayerTypes types = LayerTypes.read(config, layer -> layer % 2 == 0);
    boolean bias = config.flag("attention_bias", true);
    GroupedQueryAttention attention =
        dims.attention(Rope.of(config).rotary(dims.headDim())).withBias(bias, bias).withSinks();
    FeedForward experts = experts(config);
    Residual residual = new Residual.PreNorm(norm);
    List<BlockSpec> blocks =
        dims.layers(i -> new BlockSpec(attention.withSpan(types.span(i)), experts, residual));
    return dims.model(name(), blocks, norm);
  }

  /** The published class stretches RoPE unless the config says how. */
  private static Config withRope(Config config) {
    return config.has("rope_parameters")
        ? config
        : config.withDefaults(Map.of("rope_scaling", ROPE_SCALING));
  }

  private static MixtureOfExperts experts(Config config) {
    Router router =
        new Router(
            config.integer("num_experts_per_tok"),
            Router.Scoring.SOFTMAX_OF_CHOSEN,
            true,
            false,
            Router.Groups.NONE,
            false,
            1);
    GatedMlp expert =
        new GatedMlp(
            config.integer("intermediate_size"),
            new Gating.Clamped(1.702, config.number("swiglu_limit")),
            true);
    int numExperts =
        config.integer(config.has("num_local_experts") ? "num_local_experts" : "num_experts");
    return new MixtureOfExperts(numExperts, router, expert, Optional.empty());
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    MixtureOfExperts experts = layers.experts();
    config
        .sizes(spec)
        .attention(layers.attention())
        .mlp(experts.expert(), "intermediate_size")
        .put("hidden_act", "silu")
        .put("num_local_experts", experts.numExperts())
        .put("num_experts_per_tok", experts.router().topK())
        .layerTypes(layers);
    if (experts.expert().gating() instanceof Gating.Clamped(_, double limit)) {
      config.put("swiglu_limit", limit);
    }
    // Without a word on RoPE the published class stretches it.
    config.object("rope_scaling").put("rope_type", "default");
    RopeFields.write(config, layers.attention().position());
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return GptOssExperts.locate(spec, parameter).or(() -> NAMES.locate(parameter));
  }

  @Override
  public List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    return GptOssExperts.locate(spec, parameter)
        .map(view -> GptOssExperts.candidates(view, parameter))
        .orElseGet(() -> NAMES.locate(parameter).stream().toList());
  }
}
