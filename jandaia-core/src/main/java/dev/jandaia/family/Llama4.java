package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.Temperature;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Llama 4: most layers rotate and see their chunk only, the others have no positions, see
 * everything and sharpen their queries; routed experts are told the weighted token. Of the model
 * that also sees images, the language part.
 */
final class Llama4 implements Family {
  private static final String CHUNKED = "chunked_attention";

  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_act", "silu"),
          Map.entry("rms_norm_eps", 1e-5),
          Map.entry("rope_theta", 500_000.0),
          Map.entry("max_position_embeddings", 131_072),
          Map.entry("num_key_value_heads", 8),
          Map.entry("head_dim", 128),
          Map.entry("intermediate_size", 8192),
          Map.entry("intermediate_size_mlp", 16_384),
          Map.entry("num_experts_per_tok", 1),
          Map.entry("num_local_experts", 16),
          Map.entry("interleave_moe_layer_step", 1),
          Map.entry("no_rope_layer_interval", 4),
          Map.entry("attention_chunk_size", 8192),
          Map.entry("floor_scale", 8192),
          Map.entry("attn_scale", 0.1));

  private static final HubNames NAMES =
      HubNames.LLAMA
          .with("blocks.#.feedForward.gate", "model.layers.#.feed_forward.gate_proj")
          .with("blocks.#.feedForward.up", "model.layers.#.feed_forward.up_proj")
          .with("blocks.#.feedForward.down", "model.layers.#.feed_forward.down_proj")
          .with("blocks.#.feedForward.router", "model.layers.#.feed_forward.router")
          .with(
              "blocks.#.feedForward.shared.gate",
              "model.layers.#.feed_forward.shared_expert.gate_proj")
          .with(
              "blocks.#.feedForward.shared.up", "model.layers.#.feed_forward.shared_expert.up_proj")
          .with(
              "blocks.#.feedForward.shared.down",
              "model.layers.#.feed_forward.shared_expert.down_proj");

  private static final ExpertStacks STACKS =
      new ExpertStacks("model.layers.#.feed_forward.experts", true);

  @Override
  public String name() {
    return "llama4_text";
  }

  @Override
  public String architecture() {
    return "Llama4ForCausalLM";
  }

  @Override
  public List<String> aliases() {
    return List.of("llama4");
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = Multimodal.language(published).withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    List<Integer> rotating = rotatingLayers(config, dims.numLayers());
    List<Span> spans = spans(config, rotating);
    List<Integer> sparseLayers = sparseLayers(config, dims.numLayers());
    FeedForward dense = GatedMlps.read(config, "intermediate_size_mlp");
    FeedForward sparse = experts(config);
    Residual residual = new Residual.PreNorm(norm);
    GroupedQueryAttention global = global(config, dims);
    GroupedQueryAttention local = local(config, dims, norm);
    List<BlockSpec> blocks =
        dims.layers(i ->
            new BlockSpec(
                (rotating.get(i) == 0 ? global : local).withSpan(spans.get(i)),
                sparseLayers.contains(i) ? sparse : dense,
                residual));
    return dims.model(name(), blocks, norm);
  }

  /** A layer without positions. */
  private static GroupedQueryAttention global(Config config, Dimensions dims) {
    Temperature temperature =
        truth(config, "attn_temperature_tuning", true)
            ? new Temperature.Logarithmic(
                config.number("attn_scale"), config.integer("floor_scale"), 1)
            : Temperature.NONE;
    boolean bias = config.flag("attention_bias", false);
    return dims.attention(Position.NONE).withBias(bias, bias).withTemperature(temperature);
  }

  /** A layer with RoPE. */
  private static GroupedQueryAttention local(Config config, Dimensions dims, Norm norm) {
    boolean bias = config.flag("attention_bias", false);
    Norm.Rms weightless = new Norm.Rms(((Norm.Rms) norm).epsilon(), Norm.Gain.NONE);
    return dims.attention(Rope.of(config).rotary(dims.headDim(), Pairing.NEIGHBOURS))
        .withBias(bias, bias)
        .withQkNorm(
            config.flag("use_qk_norm", true) ? new QkNorm.Rotated(weightless) : QkNorm.NONE);
  }

  /** A flag that some published files hold as a number. */
  private static boolean truth(Config config, String field, boolean otherwise) {
    return config.isNumber(field) ? config.number(field) != 0 : config.flag(field, otherwise);
  }

  /** Per layer 1 where it rotates and 0 where it does not; {@code no_rope_layers} means the 0. */
  private static List<Integer> rotatingLayers(Config config, int numLayers) {
    int interval = config.positive("no_rope_layer_interval");
    List<Integer> given = config.integers("no_rope_layers").orElse(List.of());
    List<Integer> layers =
        given.isEmpty()
            ? IntStream.range(0, numLayers).mapToObj(i -> (i + 1) % interval == 0 ? 0 : 1).toList()
            : given;
    if (layers.size() < numLayers) {
      throw config.bad("no_rope_layers", numLayers + " values");
    }
    return layers.subList(0, numLayers);
  }

  /** What each layer sees; by default those that rotate see their chunk. */
  private static List<Span> spans(Config config, List<Integer> rotating) {
    List<String> types =
        config
            .texts("layer_types")
            .orElseGet(
                () -> rotating.stream().map(r -> r == 0 ? LayerTypes.FULL : CHUNKED).toList());
    if (types.size() != rotating.size() || !List.of(LayerTypes.FULL, CHUNKED).containsAll(types)) {
      throw config.bad(
          "layer_types",
          "%d values, each %s or %s".formatted(rotating.size(), LayerTypes.FULL, CHUNKED));
    }
    return types.stream()
        .map(type ->
            type.equals(CHUNKED)
                ? new Span.Chunked(config.integer("attention_chunk_size"))
                : Span.FULL)
        .toList();
  }

  private static List<Integer> sparseLayers(Config config, int numLayers) {
    int step = config.positive("interleave_moe_layer_step");
    return config
        .integers("moe_layers")
        .orElseGet(
            () -> IntStream.range(0, numLayers).filter(i -> (i + 1) % step == 0).boxed().toList());
  }

  private static MixtureOfExperts experts(Config config) {
    GatedMlp expert = GatedMlps.read(config, "intermediate_size");
    Router router =
        new Router(
            config.integer("num_experts_per_tok"),
            Router.Scoring.SIGMOID,
            false,
            false,
            Router.Groups.NONE,
            false,
            1);
    return new MixtureOfExperts(
        config.integer("num_local_experts"),
        router,
        expert,
        Optional.of(expert),
        false,
        MixtureOfExperts.Weighting.INPUT);
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    List<GroupedQueryAttention> mixers = layers.mixers(GroupedQueryAttention.class).toList();
    MixtureOfExperts experts = layers.experts();
    config
        .sizes(spec)
        .attention(layers.attention())
        .mlp(experts.expert(), "intermediate_size")
        .put("intermediate_size_mlp", layers.denseOrExpert().intermediateSize())
        .put("num_local_experts", experts.numExperts())
        .put("num_experts_per_tok", experts.router().topK())
        .put("interleave_moe_layer_step", 1)
        .putIntegers("moe_layers", layers.sparseLayers())
        .putIntegers(
            "no_rope_layers",
            mixers.stream()
                .map(mixer -> mixer.position() instanceof Position.None ? 0 : 1)
                .toList())
        .putTexts(
            "layer_types",
            mixers.stream()
                .map(mixer -> mixer.span() instanceof Span.Chunked ? CHUNKED : LayerTypes.FULL)
                .toList())
        .put("attn_temperature_tuning", false)
        .put("use_qk_norm", false);
    mixers.forEach(mixer -> writeMixer(mixer, config));
  }

  private static void writeMixer(GroupedQueryAttention mixer, HubFields config) {
    if (mixer.span() instanceof Span.Chunked(int size)) {
      config.put("attention_chunk_size", size);
    }
    if (mixer.position() instanceof Position.Rotary) {
      RopeFields.write(config, mixer.position());
      config.put("use_qk_norm", mixer.qkNorm() instanceof QkNorm.Rotated);
    }
    if (mixer.temperature() instanceof Temperature.Logarithmic(double beta, int interval, _)) {
      config
          .put("attn_temperature_tuning", true)
          .put("attn_scale", beta)
          .put("floor_scale", interval);
    }
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return STACKS.locate(spec, parameter).or(() -> NAMES.locate(parameter));
  }

  @Override
  public List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    return Multimodal.candidates(locate(spec, parameter));
  }

  @Override
  public boolean isSurplus(ModelSpec spec, String tensor) {
    return Family.super.isSurplus(spec, tensor)
        || Multimodal.isSurplus(tensor)
        || tensor.startsWith("vision_model.");
  }
}
