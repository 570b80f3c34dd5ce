package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Kimi Linear (2510.26692): Kimi Delta Attention and, every few layers, latent attention without
 * any RoPE, over experts that are routed as in DeepSeek-V3.
 */
final class KimiLinear implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_act", "silu"),
          Map.entry("rms_norm_eps", 1e-5),
          Map.entry("kv_lora_rank", 512),
          Map.entry("qk_nope_head_dim", 128),
          Map.entry("qk_rope_head_dim", 64),
          Map.entry("v_head_dim", 128),
          Map.entry("moe_intermediate_size", 1024),
          Map.entry("routed_scaling_factor", 2.446),
          Map.entry("topk_group", 1),
          Map.entry("first_k_dense_replace", 1),
          Map.entry("linear_head_dim", 128),
          Map.entry("linear_num_heads", 32),
          Map.entry("linear_conv_kernel_dim", 4));

  private static final HubNames NAMES =
      Deepseek.NAMES
          .with("blocks.#.mixer.beta", "model.layers.#.self_attn.b_proj")
          .with("blocks.#.mixer.decayDown", "model.layers.#.self_attn.f_a_proj")
          .with("blocks.#.mixer.decay", "model.layers.#.self_attn.f_b_proj")
          .with("blocks.#.mixer.decay.bias", "model.layers.#.self_attn.dt_bias")
          .with("blocks.#.mixer.logDecayRate", "model.layers.#.self_attn.A_log")
          .with("blocks.#.mixer.gateDown", "model.layers.#.self_attn.g_a_proj")
          .with("blocks.#.mixer.gate", "model.layers.#.self_attn.g_b_proj")
          .with("blocks.#.mixer.norm", "model.layers.#.self_attn.o_norm")
          .with("blocks.#.mixer.queryConvolution", "model.layers.#.self_attn.q_conv1d")
          .with("blocks.#.mixer.keyConvolution", "model.layers.#.self_attn.k_conv1d")
          .with("blocks.#.mixer.valueConvolution", "model.layers.#.self_attn.v_conv1d")
          .with("blocks.#.feedForward.router", "model.layers.#.block_sparse_moe.gate")
          .with(
              "blocks.#.feedForward.router.correction",
              "model.layers.#.block_sparse_moe.gate.e_score_correction_bias")
          .with(
              "blocks.#.feedForward.experts.#.gate", "model.layers.#.block_sparse_moe.experts.#.w1")
          .with("blocks.#.feedForward.experts.#.up", "model.layers.#.block_sparse_moe.experts.#.w3")
          .with(
              "blocks.#.feedForward.experts.#.down", "model.layers.#.block_sparse_moe.experts.#.w2")
          .with(
              "blocks.#.feedForward.shared.gate",
              "model.layers.#.block_sparse_moe.shared_experts.gate_proj")
          .with(
              "blocks.#.feedForward.shared.up",
              "model.layers.#.block_sparse_moe.shared_experts.up_proj")
          .with(
              "blocks.#.feedForward.shared.down",
              "model.layers.#.block_sparse_moe.shared_experts.down_proj");

  @Override
  public String name() {
    return "kimi_linear";
  }

  @Override
  public String architecture() {
    return "KimiLinearForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    int context = either(published, "model_max_length", "max_position_embeddings", 1_048_576);
    Config config =
        published
            .withDefaults(DEFAULTS)
            .withDefaults(Map.of("max_position_embeddings", context, "head_dim", 1));
    config.requireFlag("mla_use_nope", true);
    config.requireNumber("moe_layer_freq", 1);
    config.requireText("moe_router_activation_func", "sigmoid");
    Dimensions dims = Dimensions.read(config);
    if (dims.numKvHeads() != dims.numHeads()) {
      throw config.bad("num_key_value_heads", "num_attention_heads = " + dims.numHeads());
    }
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    Mixer latent = latent(config, dims);
    Mixer delta = delta(config, norm);
    FeedForward dense = GatedMlps.read(config, "intermediate_size");
    FeedForward sparse = experts(config);
    HybridLayers types = HybridLayers.read(config, linearLayers(config));
    IntPredicate isDense = denseLayers(config, dims.numLayers());
    Residual residual = new Residual.PreNorm(norm);
    List<BlockSpec> blocks =
        dims.layers(i ->
            new BlockSpec(
                types.isLinear(i) ? delta : latent, isDense.test(i) ? dense : sparse, residual));
    return dims.model(name(), blocks, norm);
  }

  /** Some fields have a name in the published files and another in the published class. */
  private static int either(Config config, String field, String other, int otherwise) {
    return config.integer(field, config.integer(other, otherwise));
  }

  private static LatentAttention latent(Config config, Dimensions dims) {
    int nopeDim = config.integer("qk_nope_head_dim");
    int ropeDim = config.integer("qk_rope_head_dim");
    boolean bias = config.flag("attention_bias", false);
    return new LatentAttention(
        dims.numHeads(),
        config.integer("q_lora_rank", 0),
        config.integer("kv_lora_rank"),
        nopeDim,
        ropeDim,
        config.integer("v_head_dim"),
        bias,
        bias,
        Norm.Rms.of(Deepseek.LATENT_EPSILON),
        Position.NONE,
        Span.FULL,
        1 / Math.sqrt(nopeDim + ropeDim));
  }

  private static KimiDeltaAttention delta(Config config, Norm norm) {
    Optional<Config> published = config.object("linear_attn_config");
    return new KimiDeltaAttention(
        linear(config, published, "num_heads", "linear_num_heads"),
        linear(config, published, "head_dim", "linear_head_dim"),
        linear(config, published, "short_conv_kernel_size", "linear_conv_kernel_dim"),
        Activations.read(config, "hidden_act"),
        norm);
  }

  private static int linear(
      Config config, Optional<Config> published, String field, String otherField) {
    int otherwise = config.integer(otherField);
    return published.map(object -> object.integer(field, otherwise)).orElse(otherwise);
  }

  /** By the published lists, which count from 1; without them every fourth layer is not linear. */
  private static IntPredicate linearLayers(Config config) {
    Optional<Config> published = config.object("linear_attn_config");
    Optional<List<Integer>> full = published.flatMap(object -> object.integers("full_attn_layers"));
    Optional<List<Integer>> linear = published.flatMap(object -> object.integers("kda_layers"));
    if (full.isEmpty() || linear.isEmpty()) {
      return layer -> layer == 0 || layer % 4 != 0;
    }
    int numLayers = config.positive("num_hidden_layers");
    for (int layer = 1; layer <= numLayers; layer++) {
      if (full.get().contains(layer) == linear.get().contains(layer)) {
        throw config.bad(
            "linear_attn_config",
            "layer %d in one of full_attn_layers and kda_layers".formatted(layer));
      }
    }
    return layer -> linear.get().contains(layer + 1);
  }

  private static IntPredicate denseLayers(Config config, int numLayers) {
    Optional<List<String>> types = config.texts("mlp_layer_types");
    if (types.isEmpty()) {
      int firstSparse = config.integer("first_k_dense_replace");
      return layer -> layer < firstSparse;
    }
    if (types.get().size() != numLayers || !List.of("dense", "sparse").containsAll(types.get())) {
      throw config.bad("mlp_layer_types", numLayers + " values, each dense or sparse");
    }
    return layer -> types.get().get(layer).equals("dense");
  }

  private static MixtureOfExperts experts(Config config) {
    Router router =
        new Router(
            either(config, "num_experts_per_token", "num_experts_per_tok", 8),
            Router.Scoring.SIGMOID,
            false,
            true,
            new Router.Groups(
                either(config, "num_expert_group", "n_group", 1),
                config.integer("topk_group"),
                Router.GroupScore.TOP_TWO),
            config.flag("moe_renormalize", config.flag("norm_topk_prob", true)),
            config.number("routed_scaling_factor"));
    GatedMlp expert = GatedMlps.read(config, "moe_intermediate_size");
    int shared = either(config, "num_shared_experts", "n_shared_experts", 1);
    return new MixtureOfExperts(
        either(config, "num_experts", "num_local_experts", 256),
        router,
        expert,
        shared == 0
            ? Optional.empty()
            : Optional.of(
                new GatedMlp(shared * expert.intermediateSize(), expert.gating(), expert.bias())));
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    MixtureOfExperts experts = layers.experts();
    config
        .sizes(spec)
        .put("model_max_length", spec.contextLength())
        .mlp(layers.denseOrExpert(), "intermediate_size")
        .put("mla_use_nope", true)
        .put("num_expert_group", experts.router().groups().count())
        .put("num_experts", experts.numExperts())
        .put("num_experts_per_token", experts.router().topK())
        .put("moe_renormalize", experts.router().renormalise());
    Deepseek.writeLatent(layers.mixer(LatentAttention.class), config);
    Deepseek.writeExperts(layers, config);
    config.put("num_shared_experts", Deepseek.numShared(experts));
    KimiDeltaAttention delta = layers.mixer(KimiDeltaAttention.class);
    config
        .object("linear_attn_config")
        .putIntegers("full_attn_layers", numbers(spec, LatentAttention.class))
        .putIntegers("kda_layers", numbers(spec, KimiDeltaAttention.class))
        .put("num_heads", delta.numHeads())
        .put("head_dim", delta.headDim())
        .put("short_conv_kernel_size", delta.convolution());
    // The published class wants these, whatever the object says.
    config
        .put("linear_num_heads", delta.numHeads())
        .put("linear_head_dim", delta.headDim())
        .put("linear_conv_kernel_dim", delta.convolution());
  }

  /** The layers of one kind, counted from 1. */
  private static List<Integer> numbers(ModelSpec spec, Class<? extends Mixer> kind) {
    return IntStream.range(0, spec.numLayers())
        .filter(i -> kind.isInstance(spec.blocks().get(i).mixer()))
        .mapToObj(i -> i + 1)
        .toList();
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return NAMES.name(parameter.path()).map(name -> view(name, spec, parameter));
  }

  /** Convolutions are stored {@code [channels, 1, K]}, decay rates {@code [1, 1, H, 1]}. */
  private static TensorView view(String name, ModelSpec spec, ParameterSpec parameter) {
    long size = parameter.elements();
    if (name.endsWith(".A_log")) {
      return new TensorView(name, List.of(1L, 1L, size, 1L), 0, 1, 1);
    }
    if (name.endsWith("_conv1d.weight")) {
      int layer = Integer.parseInt(parameter.path().split("\\.")[1]);
      long taps = ((KimiDeltaAttention) spec.blocks().get(layer).mixer()).convolution();
      return new TensorView(name, List.of(size / taps, 1L, taps), 0, 1, 1);
    }
    return TensorView.whole(name, parameter.shape());
  }
}
