package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** OLMoE (2409.02060): routed experts, and one norm over all queries and one over all keys. */
final class Olmoe implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "hidden_act",
          "silu",
          "rms_norm_eps",
          1e-5,
          "rope_theta",
          10_000.0,
          "max_position_embeddings",
          4096,
          "num_experts",
          64,
          "num_experts_per_tok",
          8);

  private static final HubNames NAMES = HubNames.LLAMA.withQueryKeyNorms().withExperts();

  @Override
  public String name() {
    return "olmoe";
  }

  @Override
  public String architecture() {
    return "OlmoeForCausalLM";
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
            .withQkNorm(new QkNorm.Whole(norm))
            .withClip(config.number("clip_qkv", 0));
    Router router =
        new Router(
            config.integer("num_experts_per_tok"),
            Router.Scoring.SOFTMAX,
            false,
            false,
            Router.Groups.NONE,
            config.flag("norm_topk_prob", false),
            1);
    FeedForward experts =
        new MixtureOfExperts(
            config.integer("num_experts"),
            router,
            GatedMlps.read(config, "intermediate_size"),
            Optional.empty());
    BlockSpec block = new BlockSpec(attention, experts, new Residual.PreNorm(norm));
    return dims.model(name(), dims.layers(block), norm);
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    MixtureOfExperts experts = layers.experts();
    config
        .sizes(spec)
        .attention(layers.attention())
        .mlp(experts.expert(), "intermediate_size")
        .putUnlessZero("clip_qkv", layers.attention().clip())
        .put("num_experts", experts.numExperts())
        .put("num_experts_per_tok", experts.router().topK())
        .put("norm_topk_prob", experts.router().renormalise());
    RopeFields.write(config, layers.attention().position());
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
}
