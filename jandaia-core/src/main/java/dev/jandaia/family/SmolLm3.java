package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** SmolLM3: Llama in which every fourth layer has no positions (2501.18795). */
final class SmolLm3 implements Family {
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
          "no_rope_layer_interval",
          4,
          "tie_word_embeddings",
          true);

  @Override
  public String name() {
    return "smollm3";
  }

  @Override
  public String architecture() {
    return "SmolLM3ForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    List<Integer> rotates = rotatingLayers(config, dims.numLayers());
    boolean windows = config.flag("use_sliding_window", false) && config.has("sliding_window");
    LayerTypes types = LayerTypes.read(config, i -> windows && rotates.get(i) == 0);
    boolean bias = config.flag("attention_bias", false);
    Position rotary = Rope.of(config).rotary(dims.headDim());
    GroupedQueryAttention attention = dims.attention(rotary).withBias(bias, bias);
    GatedMlp mlp = GatedMlps.read(config, "intermediate_size");
    Residual residual = new Residual.PreNorm(norm);
    List<BlockSpec> blocks =
        dims.layers(i ->
            new BlockSpec(
                attention
                    .withPosition(rotates.get(i) == 0 ? Position.NONE : rotary)
                    .withSpan(windows ? types.span(i) : Span.FULL),
                mlp,
                residual));
    return dims.model(name(), blocks, norm);
  }

  /** Per layer 1 where it rotates and 0 where it does not; {@code no_rope_layers} means the 0. */
  private static List<Integer> rotatingLayers(Config config, int numLayers) {
    int interval = config.positive("no_rope_layer_interval");
    List<Integer> layers =
        config
            .integers("no_rope_layers")
            .orElseGet(() ->
                IntStream.range(0, numLayers)
                    .mapToObj(i -> (i + 1) % interval == 0 ? 0 : 1)
                    .toList());
    if (layers.size() != numLayers) {
      throw config.bad("no_rope_layers", numLayers + " values");
    }
    return layers;
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    List<Integer> rotates =
        layers
            .mixers(GroupedQueryAttention.class)
            .map(attention -> attention.position() instanceof Position.Rotary ? 1 : 0)
            .toList();
    config
        .sizes(spec)
        .attention(layers.attention())
        .mlp(layers.mlp(), "intermediate_size")
        .putIntegers("no_rope_layers", rotates)
        .put("use_sliding_window", layers.window().isPresent())
        .layerTypes(layers);
    layers
        .mixers(GroupedQueryAttention.class)
        .map(GroupedQueryAttention::position)
        .filter(Position.Rotary.class::isInstance)
        .findFirst()
        .ifPresent(position -> RopeFields.write(config, position));
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return HubNames.LLAMA.locate(parameter);
  }
}
