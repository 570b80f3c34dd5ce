package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ministral 3: Mistral with YaRN and queries that grow with their position. */
final class Ministral3 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "hidden_act",
          "silu",
          "rms_norm_eps",
          1e-5,
          "rope_theta",
          10_000.0,
          "max_position_embeddings",
          262_144,
          "num_key_value_heads",
          8,
          "head_dim",
          128);

  private static final Map<String, ?> ROPE =
      Map.of(
          "rope_type",
          "yarn",
          "rope_theta",
          1_000_000.0,
          "factor",
          16.0,
          "original_max_position_embeddings",
          16_384,
          "beta_fast",
          32.0,
          "beta_slow",
          1.0,
          "mscale",
          1.0,
          "mscale_all_dim",
          1.0,
          "llama_4_scaling_beta",
          0.1);

  @Override
  public String name() {
    return "ministral3";
  }

  @Override
  public String architecture() {
    return "Ministral3ForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = withRope(Multimodal.language(published).withDefaults(DEFAULTS), ROPE);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    Rope rope = Rope.of(config);
    Mixer attention =
        dims.attention(rope.rotary(dims.headDim()))
            .withSpan(span(config))
            .withTemperature(rope.temperature());
    GatedMlp mlp = GatedMlps.read(config, "intermediate_size");
    BlockSpec block = new BlockSpec(attention, mlp, new Residual.PreNorm(norm));
    return dims.model(name(), dims.layers(block), norm);
  }

  /** The published classes stretch RoPE unless the config says how. */
  static Config withRope(Config config, Map<String, ?> rope) {
    return config.has("rope_parameters") || config.has("rope_scaling")
        ? config
        : config.withDefaults(Map.of("rope_parameters", rope));
  }

  /** All layers alike: the published class does not look at layer types. */
  private static Span span(Config config) {
    boolean slides = config.has("sliding_window");
    String type = slides ? LayerTypes.SLIDING : LayerTypes.FULL;
    if (!config.texts("layer_types").orElse(List.of()).stream().allMatch(type::equals)) {
      throw config.bad("layer_types", type + " for every layer");
    }
    return slides ? new Span.Sliding(config.integer("sliding_window")) : Span.FULL;
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    config.sizes(spec).heads(layers.attention()).mlp(layers.mlp(), "intermediate_size");
    config.window(layers);
    // Without a word on RoPE the published class stretches it.
    config.object("rope_scaling").put("rope_type", "default");
    RopeFields.write(config, layers.attention().position());
    RopeFields.temperature(config, layers.attention().temperature());
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return HubNames.LLAMA.locate(parameter);
  }

  @Override
  public List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    return Multimodal.candidates(locate(spec, parameter));
  }

  @Override
  public boolean isSurplus(ModelSpec spec, String tensor) {
    return Family.super.isSurplus(spec, tensor) || Multimodal.isSurplus(tensor);
  }
}
