package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Residual.Mix;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * MiniMax-01 (2501.08313): lightning attention, now and then softmax attention, and experts on
 * every layer, on a residual stream that is normalised before each half.
 */
final class MiniMax implements Family {
  /** The published code fixes it, whatever the config says. */
  static final double LIGHTNING_EPSILON = 1e-6;

  private static final Pattern PACKED =
      Pattern.compile("blocks\\.(\\d+)\\.mixer\\.(query|key|value)\\.weight");

  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_act", "silu"),
          Map.entry("rms_norm_eps", 1e-5),
          Map.entry("rope_theta", 1_000_000.0),
          Map.entry("max_position_embeddings", 131_072),
          Map.entry("num_key_value_heads", 8),
          Map.entry("num_experts_per_tok", 2));

  private static final HubNames NAMES =
      HubNames.LLAMA
          .with("blocks.#.feedForward.router", "model.layers.#.block_sparse_moe.gate")
          .with(
              "blocks.#.feedForward.experts.#.gate", "model.layers.#.block_sparse_moe.experts.#.w1")
          .with("blocks.#.feedForward.experts.#.up", "model.layers.#.block_sparse_moe.experts.#.w3")
          .with(
              "blocks.#.feedForward.experts.#.down",
              "model.layers.#.block_sparse_moe.experts.#.w2");

  private static final HubNames LIGHTNING_NAMES =
      NAMES
          .with("blocks.#.mixer.gate", "model.layers.#.self_attn.output_gate")
          .with("blocks.#.mixer.norm", "model.layers.#.self_attn.norm")
          .with("blocks.#.mixer.output", "model.layers.#.self_attn.out_proj");

  @Override
  public String name() {
    return "minimax";
  }

  /** What MiniMax-Text-01 and M1 were first published as, with fields of their own. */
  @Override
  public List<String> aliases() {
    return List.of("minimax_text_01", "minimax_m1");
  }

  @Override
  public String architecture() {
    return "MiniMaxForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    boolean first = aliases().contains(published.modelType());
    Config config = (first ? MiniMaxText01.respelt(published) : published).withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    Span span =
        config.has("sliding_window")
            ? new Span.Sliding(config.integer("sliding_window"))
            : Span.FULL;
    Rope rope = Rope.of(config);
    Position position =
        first
            ? rope.partialRotary(dims.headDim(), Position.Pairing.HALVES)
            : rope.rotary(dims.headDim());
    Mixer attention = dims.attention(position).withSpan(span);
    FeedForward experts = experts(config);
    Mix afterExperts = mix(config, "mlp");
    Residual afterAttention = new Residual.Normalised(norm, mix(config, "full_attn"), afterExperts);
    Residual afterLightning =
        new Residual.Normalised(norm, mix(config, "linear_attn"), afterExperts);
    HybridLayers types = HybridLayers.read(config, layer -> layer % 2 == 1);
    List<BlockSpec> blocks =
        dims.layers(i ->
            types.isLinear(i)
                ? new BlockSpec(lightning(config, dims, i), experts, afterLightning)
                : new BlockSpec(attention, experts, afterAttention));
    return dims.model(name(), blocks, norm);
  }

  private static Mix mix(Config config, String half) {
    return new Mix(
        config.number(half + "_alpha_factor", 1), config.number(half + "_beta_factor", 1));
  }

  /** Head h of H forgets at 2^(−8h/H), h from 1, less so in later layers. */
  static List<Double> slopes(int heads, int layer, int numLayers) {
    double factor = 1 - layer / (numLayers - 1 + 1e-5) + 1e-5;
    return IntStream.rangeClosed(1, heads)
        .mapToObj(h -> Math.pow(2, -8.0 * h / heads) * factor)
        .toList();
  }

  private static LightningAttention lightning(Config config, Dimensions dims, int layer) {
    return new LightningAttention(
        dims.numHeads(),
        dims.headDim(),
        Activations.read(config, "hidden_act"),
        slopes(dims.numHeads(), layer, dims.numLayers()),
        Norm.Rms.of(LIGHTNING_EPSILON));
  }

  private static MixtureOfExperts experts(Config config) {
    Router router =
        new Router(
            config.integer("num_experts_per_tok"),
            Router.Scoring.SOFTMAX,
            false,
            false,
            Router.Groups.NONE,
            true,
            1);
    int numExperts = config.integer("num_local_experts", config.integer("num_experts", 8));
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
        .put("num_experts_per_tok", experts.router().topK())
        .window(layers)
        .putTexts("layer_types", layers.hybridTypes(GroupedQueryAttention.class));
    RopeFields.write(config, attention.position());
    for (BlockSpec block : spec.blocks()) {
      if (block.residual() instanceof Residual.Normalised(_, Mix mixer, Mix feedForward)) {
        boolean full = block.mixer() instanceof GroupedQueryAttention;
        writeMix(full ? "full_attn" : "linear_attn", mixer, config);
        writeMix("mlp", feedForward, config);
      }
    }
  }

  private static void writeMix(String half, Mix mix, HubFields config) {
    config.put(half + "_alpha_factor", mix.stream()).put(half + "_beta_factor", mix.branch());
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    String[] path = parameter.path().split("\\.");
    boolean mixer = path.length > 2 && path[2].equals("mixer");
    if (mixer
        && spec.blocks().get(Integer.parseInt(path[1])).mixer()
            instanceof LightningAttention lightning) {
      return packed(spec, lightning, parameter).or(() -> LIGHTNING_NAMES.locate(parameter));
    }
    return NAMES.locate(parameter);
  }

  /** {@code qkv_proj}: of each head its query, key and value. */
  private static Optional<TensorView> packed(
      ModelSpec spec, LightningAttention lightning, ParameterSpec parameter) {
    Matcher path = PACKED.matcher(parameter.path());
    if (!path.matches()) {
      return Optional.empty();
    }
    long dim = lightning.headDim();
    long first = List.of("query", "key", "value").indexOf(path.group(2)) * dim;
    String tensor = "model.layers." + path.group(1) + ".self_attn.qkv_proj.weight";
    List<Long> stored = List.of(3L * lightning.width(), (long) spec.hiddenSize());
    return Optional.of(TensorView.band(tensor, stored, first).inGroups(dim, 3 * dim));
  }

  /** Tables that follow from the slopes are stored with the model. */
  @Override
  public boolean isSurplus(ModelSpec spec, String tensor) {
    return Family.super.isSurplus(spec, tensor)
        || tensor.matches(".*\\.self_attn\\.(slope_rate|(query|key|diagonal)_decay)");
  }
}
