package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.Map;
import java.util.Optional;

/** Mixtral (2401.04088): Mistral with routed experts on every layer. */
final class Mixtral implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "hidden_act",
          "silu",
          "rms_norm_eps",
          1e-5,
          "rope_theta",
          1_000_000.0,
          "max_position_embeddings",
          131_072,
          "num_experts_per_tok",
          2,
          "num_local_experts",
          8);

  private static final HubNames NAMES =
      HubNames.LLAMA
          .with("blocks.#.feedForward.router", "model.layers.#.block_sparse_moe.gate")
          .with(
              "blocks.#.feedForward.experts.#.gate", "model.layers.#.block_sparse_moe.experts.#.w1")
          .with("blocks.#.feedForward.experts.#.up", "model.layers.#.block_sparse_moe.experts.#.w3")
          .with(
              "blocks.#.feedForward.experts.#.down",
              "model.layers.#.block_sparse_moe.experts.#.w2");

  @Override
  public String name() {
    return "mixtral";
  }

  @Override
  public String architecture() {
    return "MixtralForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    Span span =
        config.has("sliding_window")
            ? new Span.Sliding(config.integer("sliding_window"))
            : Span.FULL;
    Mixer attention = dims.attention(Rope.of(config).rotary(dims.headDim())).withSpan(span);
    Router router =
        new Router(
            config.integer("num_experts_per_tok"),
            Router.Scoring.SOFTMAX,
            false,
            false,
            Router.Groups.NONE,
            true,
            1);
    FeedForward experts =
        new MixtureOfExperts(
            config.integer("num_local_experts"),
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
        .heads(layers.attention())
        .mlp(experts.expert(), "intermediate_size")
        .put("num_local_experts", experts.numExperts())
        .put("num_experts_per_tok", experts.router().topK())
        .window(layers);
    RopeFields.write(config, layers.attention().position());
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return NAMES.locate(parameter);
  }
}
