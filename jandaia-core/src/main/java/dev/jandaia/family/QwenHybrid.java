package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedDeltaNet;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What Qwen3-Next and Qwen3.5 share: three layers of Gated DeltaNet to one of attention with an
 * output gate, zero-centred norms, RoPE on a quarter of each head, a gate on the shared expert.
 */
final class QwenHybrid {
  static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_act", "silu"),
          Map.entry("rms_norm_eps", 1e-6),
          Map.entry("rope_theta", 10_000.0),
          Map.entry("partial_rotary_factor", 0.25),
          Map.entry("head_dim", 256),
          Map.entry("max_position_embeddings", 32_768),
          Map.entry("full_attention_interval", 4),
          Map.entry("linear_conv_kernel_dim", 4),
          Map.entry("linear_key_head_dim", 128),
          Map.entry("linear_value_head_dim", 128),
          Map.entry("linear_num_key_heads", 16),
          Map.entry("linear_num_value_heads", 32));

  static final HubNames NAMES =
      HubNames.LLAMA
          .withQueryKeyNorms()
          .withExperts()
          .with("blocks.#.feedForward.shared.gate", "model.layers.#.mlp.shared_expert.gate_proj")
          .with("blocks.#.feedForward.shared.up", "model.layers.#.mlp.shared_expert.up_proj")
          .with("blocks.#.feedForward.shared.down", "model.layers.#.mlp.shared_expert.down_proj")
          .with("blocks.#.feedForward.sharedGate", "model.layers.#.mlp.shared_expert_gate");

  private QwenHybrid() {}

  /** A model whose layers have the feed-forward parts that {@code feedForward} gives them. */
  static ModelSpec spec(String family, Config config, IntFunction<FeedForward> feedForward) {
    Dimensions dims = Dimensions.read(config);
    double epsilon = config.number("rms_norm_eps");
    Norm norm = new Norm.Rms(epsilon, Norm.Gain.ONE_PLUS_WEIGHT);
    boolean bias = config.flag("attention_bias", false);
    Mixer attention =
        dims.attention(Rope.of(config).partialRotary(dims.headDim(), Pairing.HALVES))
            .withBias(bias, bias)
            .withQkNorm(new QkNorm.PerHead(norm))
            .withOutputGate();
    Mixer deltaNet =
        new GatedDeltaNet(
            config.positive("linear_num_key_heads"),
            config.positive("linear_num_value_heads"),
            config.integer("linear_key_head_dim"),
            config.integer("linear_value_head_dim"),
            config.integer("linear_conv_kernel_dim"),
            Activations.read(config, "hidden_act"),
            Norm.Rms.of(epsilon));
    int interval = config.positive("full_attention_interval");
    HybridLayers types = HybridLayers.read(config, layer -> (layer + 1) % interval != 0);
    Residual residual = new Residual.PreNorm(norm);
    List<BlockSpec> blocks =
        dims.layers(i ->
            new BlockSpec(
                types.isLinear(i) ? deltaNet : attention, feedForward.apply(i), residual));
    return dims.model(family, blocks, norm);
  }

  static void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    GroupedQueryAttention attention = layers.attention();
    GatedDeltaNet delta = layers.mixer(GatedDeltaNet.class);
    config
        .sizes(spec)
        .attention(attention)
        .putTexts("layer_types", layers.hybridTypes(GroupedQueryAttention.class))
        .put("hidden_act", Activations.name(delta.activation()))
        .put("linear_conv_kernel_dim", delta.convolution())
        .put("linear_key_head_dim", delta.keyDim())
        .put("linear_value_head_dim", delta.valueDim())
        .put("linear_num_key_heads", delta.numKeyHeads())
        .put("linear_num_value_heads", delta.numValueHeads());
    RopeFields.writePartial(config, attention.position(), attention.headDim());
    config.put("num_experts", 0);
    layers.sparse().ifPresent(experts -> writeExperts(experts, config));
  }

  private static void writeExperts(MixtureOfExperts experts, HubFields config) {
    config
        .put("num_experts", experts.numExperts())
        .put("num_experts_per_tok", experts.router().topK())
        .mlp(experts.expert(), "moe_intermediate_size");
    experts.shared().ifPresent(shared -> config.mlp(shared, "shared_expert_intermediate_size"));
  }

  /** Routed experts and one that every token visits, behind a gate. */
  static MixtureOfExperts experts(Config config, boolean renormalise) {
    GatedMlp expert = GatedMlps.read(config, "moe_intermediate_size");
    GatedMlp shared = GatedMlps.read(config, "shared_expert_intermediate_size");
    Router router =
        new Router(
            config.integer("num_experts_per_tok"),
            Router.Scoring.SOFTMAX,
            false,
            false,
            Router.Groups.NONE,
            renormalise,
            1);
    return new MixtureOfExperts(
        config.integer("num_experts"),
        router,
        expert,
        Optional.of(shared),
        true,
        MixtureOfExperts.Weighting.OUTPUT);
  }

  /** {@code spec} with the one module for multi-token prediction, or none, that a field counts. */
  static ModelSpec withPrediction(Config config, String field, ModelSpec spec) {
    int modules = config.integer(field, 0);
    if (modules < 0 || modules > 1) {
      throw config.bad(field, "0 or 1");
    }
    return PredictionNames.addTo(spec, modules);
  }

  /**
   * A module for multi-token prediction in files whose config denies it, and the eyes of models
   * that see.
   */
  static boolean isSurplus(String tensor) {
    return tensor.startsWith("mtp.") || tensor.matches("(model\\.)?visual\\..*");
  }
}
