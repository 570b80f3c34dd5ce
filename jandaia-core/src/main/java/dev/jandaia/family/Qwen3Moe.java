package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Qwen3 with routed experts (2505.09388), on every layer or on some. */
final class Qwen3Moe implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "hidden_act",
          "silu",
          "rms_norm_eps",
          1e-6,
          "rope_theta",
          10_000.0,
          "max_position_embeddings",
          32_768,
          "decoder_sparse_step",
          1,
          "sliding_window",
          4096);

  private static final HubNames NAMES = HubNames.LLAMA.withQueryKeyNorms().withExperts();

  @Override
  public String name() {
    return "qwen3_moe";
  }

  @Override
  public String architecture() {
    return "Qwen3MoeForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    boolean bias = config.flag("attention_bias", false);
    Mixer attention =
        dims.attention(Rope.of(config).rotary(dims.headDim()))
            .withBias(bias, bias)
            .withQkNorm(new QkNorm.PerHead(norm))
            .withSpan(span(config));
    FeedForward dense = GatedMlps.read(config, "intermediate_size");
    IntPredicate isSparse = sparseLayers(config);
    FeedForward sparse = experts(config);
    Residual residual = new Residual.PreNorm(norm);
    List<BlockSpec> blocks =
        dims.layers(i -> new BlockSpec(attention, isSparse.test(i) ? sparse : dense, residual));
    return dims.model(name(), blocks, norm);
  }

  /** All layers alike: this family has no layer types. */
  private static Span span(Config config) {
    return config.flag("use_sliding_window", false) && config.has("sliding_window")
        ? new Span.Sliding(config.integer("sliding_window"))
        : Span.FULL;
  }

  /** Every {@code decoder_sparse_step}-th layer but those in {@code mlp_only_layers}. */
  private static IntPredicate sparseLayers(Config config) {
    List<Integer> dense = config.integers("mlp_only_layers").orElse(List.of());
    int step = config.positive("decoder_sparse_step");
    return layer -> !dense.contains(layer) && (layer + 1) % step == 0;
  }

  private static MixtureOfExperts experts(Config config) {
    GatedMlp expert = GatedMlps.read(config, "moe_intermediate_size");
    Router router =
        new Router(
            config.integer("num_experts_per_tok"),
            Router.Scoring.SOFTMAX,
            false,
            false,
            Router.Groups.NONE,
            config.flag("norm_topk_prob", false),
            1);
    int numExperts =
        config.integer(config.has("num_experts") ? "num_experts" : "num_local_experts");
    return new MixtureOfExperts(numExperts, router, expert, Optional.empty());
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    MixtureOfExperts experts = layers.experts();
    config
        .sizes(spec)
        .attention(layers.attention())
        .mlp(layers.denseOrExpert(), "intermediate_size")
        .put("moe_intermediate_size", experts.expert().intermediateSize())
        .put("num_experts", experts.numExperts())
        .put("num_experts_per_tok", experts.router().topK())
        .put("norm_topk_prob", experts.router().renormalise())
        .put("decoder_sparse_step", 1)
        .putIntegers("mlp_only_layers", layers.denseLayers())
        .put("use_sliding_window", layers.window().isPresent())
        .window(layers);
    RopeFields.write(config, layers.attention().position());
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return NAMES.locate(parameter);
  }
}
