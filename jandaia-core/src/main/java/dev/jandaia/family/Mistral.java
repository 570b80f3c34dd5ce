package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Mistral (2310.06825): Llama with a sliding window on every layer, and Ministral, in which {@code
 * layer_types} tells the layers that have one. Of Mistral 3, which also sees images, the language
 * part.
 */
final class Mistral implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "hidden_act",
          "silu",
          "rms_norm_eps",
          1e-6,
          "rope_theta",
          10_000.0,
          "max_position_embeddings",
          131_072,
          "sliding_window",
          4096);

  @Override
  public String name() {
    return "mistral";
  }

  @Override
  public String architecture() {
    return "MistralForCausalLM";
  }

  @Override
  public List<String> aliases() {
    return List.of("ministral", "mistral3");
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = text(published).withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    LayerTypes types = LayerTypes.read(config, layer -> config.has("sliding_window"));
    GroupedQueryAttention attention = dims.attention(Rope.of(config).rotary(dims.headDim()));
    GatedMlp mlp = GatedMlps.read(config, "intermediate_size");
    Residual residual = new Residual.PreNorm(norm);
    List<BlockSpec> blocks =
        dims.layers(i -> new BlockSpec(attention.withSpan(types.span(i)), mlp, residual));
    return dims.model(name(), blocks, norm);
  }

  /** Mistral 3 also sees images; its text part may be a Mistral. */
  private static Config text(Config published) {
    Config text = Multimodal.language(published);
    text.requireText("model_type", "mistral", "ministral");
    return text;
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    config.sizes(spec).heads(layers.attention()).mlp(layers.mlp(), "intermediate_size");
    config.window(layers);
    RopeFields.write(config, layers.attention().position());
    if (layers.types().stream().distinct().count() > 1) {
      config
          .put("model_type", "ministral")
          .putTexts("architectures", List.of("MinistralForCausalLM"))
          .layerTypes(layers);
    }
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
