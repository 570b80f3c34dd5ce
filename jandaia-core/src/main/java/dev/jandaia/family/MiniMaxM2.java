package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
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

/**
 * MiniMax-M2: full attention with one norm over all queries and one over all keys, RoPE on part of
 * each head, and sigmoid routing on every layer. Its modules for multi-token prediction are left
 * out.
 */
final class MiniMaxM2 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_act", "silu"),
          Map.entry("rms_norm_eps", 1e-6),
          Map.entry("rope_theta", 5_000_000.0),
          Map.entry("max_position_embeddings", 196_608),
          Map.entry("num_key_value_heads", 8),
          Map.entry("head_dim", 128),
          Map.entry("num_experts_per_tok", 8));

  private static final HubNames NAMES =
      HubNames.LLAMA
          .withQueryKeyNorms()
          .with("blocks.#.feedForward.router", "model.layers.#.block_sparse_moe.gate")
          .with(
              "blocks.#.feedForward.router.correction",
              "model.layers.#.block_sparse_moe.e_score_correction_bias")
          .with(
              "blocks.#.feedForward.experts.#.gate", "model.layers.#.block_sparse_moe.experts.#.w1")
          .with("blocks.#.feedForward.experts.#.up", "model.layers.#.block_sparse_moe.experts.#.w3")
          .with(
              "blocks.#.feedForward.experts.#.down",
              "model.layers.#.block_sparse_moe.experts.#.w2");

  @Override
  public String name() {
    return "minimax_m2";
  }

  @Override
  public String architecture() {
    return "MiniMaxM2ForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = withPartialRotary(published.withDefaults(DEFAULTS));
    refuseOthers(config);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    Mixer attention =
        dims.attention(Rope.of(config).partialRotary(dims.headDim(), Pairing.HALVES))
            .withQkNorm(new QkNorm.Whole(norm));
    BlockSpec block = new BlockSpec(attention, experts(config), new Residual.PreNorm(norm));
    return dims.model(name(), dims.layers(block), norm);
  }

  /** What published files state and only one value of which is computed. */
  private static void refuseOthers(Config config) {
    config.requireFlag("use_qk_norm", true);
    config.requireText("qk_norm_type", "per_layer");
    config.requireText("scoring_func", "sigmoid");
    config.requireFlag("use_routing_bias", true);
    config.requireNumber("shared_intermediate_size", 0);
    List<Integer> types = config.integers("attn_type_list").orElse(List.of());
    if (!types.stream().allMatch(type -> type == 1)) {
      throw config.bad("attn_type_list", "1 (full attention) for every layer");
    }
  }

  /** Published files state the rotated part of a head as {@code rotary_dim}. */
  private static Config withPartialRotary(Config config) {
    return config.has("rotary_dim") && !config.has("partial_rotary_factor")
        ? config.withDefaults(
            Map.of(
                "partial_rotary_factor",
                (double) config.integer("rotary_dim") / config.integer("head_dim")))
        : config;
  }

  private static FeedForward experts(Config config) {
    Router router =
        new Router(
            config.integer("num_experts_per_tok"),
            Router.Scoring.SIGMOID,
            false,
            true,
            Router.Groups.NONE,
            true,
            1);
    int numExperts =
        config.integer(config.has("num_local_experts") ? "num_local_experts" : "num_experts");
    return new MixtureOfExperts(
        numExperts, router, GatedMlps.read(config, "intermediate_size"), Optional.empty());
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    GroupedQueryAttention attention = layers.attention();
    MixtureOfExperts experts = layers.experts();
    config
        .sizes(spec)
        .heads(attention)
        .mlp(experts.expert(), "intermediate_size")
        .put("num_local_experts", experts.numExperts())
        .put("num_experts_per_tok", experts.router().topK());
    RopeFields.writePartial(config, attention.position(), attention.headDim());
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return NAMES.locate(parameter);
  }

  /** Layers beyond the last are the modules for multi-token prediction. */
  @Override
  public boolean isSurplus(ModelSpec spec, String tensor) {
    return Family.super.isSurplus(spec, tensor)
        || HubNames.layer(tensor).orElse(0) >= spec.numLayers();
  }
}
