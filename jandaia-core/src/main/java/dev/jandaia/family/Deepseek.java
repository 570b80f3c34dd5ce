package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.Temperature;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** What DeepSeek-V2 and V3 share: latent attention, dense layers first, shared experts, names. */
final class Deepseek {
  /**
   * Epsilon of the norms of both latents: the published code fixes it, whatever the config says.
   */
  static final double LATENT_EPSILON = 1e-6;

  static final HubNames NAMES =
      HubNames.LLAMA
          .withExperts()
          .with("blocks.#.mixer.queryDown", "model.layers.#.self_attn.q_a_proj")
          .with("blocks.#.mixer.queryDownNorm", "model.layers.#.self_attn.q_a_layernorm")
          .with("blocks.#.mixer.queryUp", "model.layers.#.self_attn.q_b_proj")
          .with("blocks.#.mixer.latentDown", "model.layers.#.self_attn.kv_a_proj_with_mqa")
          .with("blocks.#.mixer.latentNorm", "model.layers.#.self_attn.kv_a_layernorm")
          .with("blocks.#.mixer.latentUp", "model.layers.#.self_attn.kv_b_proj")
          .with(
              "blocks.#.feedForward.router.correction",
              "model.layers.#.mlp.gate.e_score_correction_bias")
          .with("blocks.#.feedForward.shared.gate", "model.layers.#.mlp.shared_experts.gate_proj")
          .with("blocks.#.feedForward.shared.up", "model.layers.#.mlp.shared_experts.up_proj")
          .with("blocks.#.feedForward.shared.down", "model.layers.#.mlp.shared_experts.down_proj");

  private Deepseek() {}

  /** A model whose layers from {@code first_k_dense_replace} on have experts. */
  static ModelSpec spec(String family, Config config, Router router) {
    return spec(family, config, router, Temperature.NONE);
  }

  static ModelSpec spec(String family, Config config, Router router, Temperature temperature) {
    int firstSparse = config.integer("first_k_dense_replace");
    return spec(family, config, router, temperature, i -> Span.FULL, i -> i >= firstSparse);
  }

  /**
   * A model whose layers differ in which keys they see and in whether they have experts.
   *
   * @param routed whether a layer has experts
   */
  static ModelSpec spec(
      String family,
      Config config,
      Router router,
      Temperature temperature,
      IntFunction<Span> spans,
      IntPredicate routed) {
    config.requireNumber("moe_layer_freq", 1);
    // Heads are sized by fields of their own; head_dim, where present, is the rope part's alone.
    Dimensions dims = Dimensions.read(config.withDefaults(Map.of("head_dim", 1)));
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    FeedForward dense = GatedMlps.read(config, "intermediate_size");
    FeedForward sparse = experts(config, router);
    Residual residual = new Residual.PreNorm(norm);
    List<BlockSpec> blocks =
        dims.layers(i ->
            new BlockSpec(
                attention(config, dims, temperature, spans.apply(i)),
                routed.test(i) ? sparse : dense,
                residual));
    return dims.model(family, blocks, norm);
  }

  private static LatentAttention attention(
      Config config, Dimensions dims, Temperature temperature, Span span) {
    int nopeDim = config.integer("qk_nope_head_dim");
    int ropeDim = config.integer("qk_rope_head_dim");
    boolean bias = config.flag("attention_bias", false);
    Rope rope = Rope.of(config);
    Pairing pairing = config.flag("rope_interleave", true) ? Pairing.NEIGHBOURS : Pairing.HALVES;
    return new LatentAttention(
        dims.numHeads(),
        config.integer("q_lora_rank", 0),
        config.integer("kv_lora_rank"),
        nopeDim,
        ropeDim,
        config.integer("v_head_dim"),
        bias,
        bias,
        Norm.Rms.of(LATENT_EPSILON),
        rope.latentRotary(nopeDim, ropeDim, pairing),
        span,
        rope.latentScoreFactor() / Math.sqrt(nopeDim + ropeDim),
        temperature);
  }

  /** The fields of all models with latent attention and experts. */
  static void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    LatentAttention attention = layers.mixer(LatentAttention.class);
    config
        .sizes(spec)
        .predictions(spec, "num_nextn_predict_layers")
        .mlp(layers.denseOrExpert(), "intermediate_size");
    writeLatent(attention, config);
    if (attention.position() instanceof Position.Rotary rotary) {
      RopeFields.write(config, rotary);
      config.put("rope_interleave", rotary.pairing() == Pairing.NEIGHBOURS);
      double root = Math.sqrt(attention.queryKeyDim());
      RopeFields.latentScale(config, rotary.scaling(), attention.scale(), root);
      RopeFields.latentLongRope(config, rotary.scaling());
    }
    if (layers.sparse().isPresent()) {
      writeExperts(layers, config);
    } else {
      writeNoExperts(spec, layers.mlp(), config);
    }
  }

  /** All layers are dense; the smallest numbers that describe experts nobody has. */
  private static void writeNoExperts(ModelSpec spec, GatedMlp mlp, HubFields config) {
    config
        .put("moe_intermediate_size", mlp.intermediateSize())
        .put("n_routed_experts", 2)
        .put("n_shared_experts", 1)
        .put("num_experts_per_tok", 1)
        .put("n_group", 1)
        .put("topk_group", 1)
        .put("first_k_dense_replace", spec.numLayers());
  }

  static void writeLatent(LatentAttention attention, HubFields config) {
    config
        .put("num_attention_heads", attention.numHeads())
        .put("num_key_value_heads", attention.numHeads())
        .put("attention_bias", attention.outputBias())
        .put("kv_lora_rank", attention.kvRank())
        .put("qk_nope_head_dim", attention.nopeDim())
        .put("qk_rope_head_dim", attention.ropeDim())
        .put("v_head_dim", attention.valueDim());
    if (attention.queryRank() == 0) {
      config.putNull("q_lora_rank");
    } else {
      config.put("q_lora_rank", attention.queryRank());
    }
  }

  static void writeExperts(SpecLayers layers, HubFields config) {
    MixtureOfExperts experts = layers.experts();
    Router router = experts.router();
    config
        .put("moe_intermediate_size", experts.expert().intermediateSize())
        .put("n_routed_experts", experts.numExperts())
        .put("n_shared_experts", numShared(experts))
        .put("num_experts_per_tok", router.topK())
        .put("n_group", router.groups().count())
        .put("topk_group", router.groups().keep())
        .put("norm_topk_prob", router.renormalise())
        .put("routed_scaling_factor", router.scale())
        .put("first_k_dense_replace", layers.firstSparse());
  }

  static int numShared(MixtureOfExperts experts) {
    return experts.shared().map(GatedMlp::intermediateSize).orElse(0)
        / experts.expert().intermediateSize();
  }

  private static MixtureOfExperts experts(Config config, Router router) {
    GatedMlp expert = GatedMlps.read(config, "moe_intermediate_size");
    return new MixtureOfExperts(
        config.integer("n_routed_experts"), router, expert, shared(config, expert));
  }

  /** The experts that every token visits, fused to one network. */
  static Optional<GatedMlp> shared(Config config, GatedMlp expert) {
    int shared = config.integer("n_shared_experts", 0);
    return shared == 0
        ? Optional.empty()
        : Optional.of(
            new GatedMlp(shared * expert.intermediateSize(), expert.gating(), expert.bias()));
  }
}
