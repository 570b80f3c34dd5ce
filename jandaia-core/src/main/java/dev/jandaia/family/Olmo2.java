package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.Map;
import java.util.Optional;

/** OLMo 2 (2501.00656): norms after each half only, and over all queries and all keys together. */
final class Olmo2 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "hidden_act",
          "silu",
          "rms_norm_eps",
          1e-5,
          "rope_theta",
          10_000.0,
          "max_position_embeddings",
          2048);

  static final HubNames NAMES =
      HubNames.LLAMA
          .withQueryKeyNorms()
          .with("blocks.#.mixerPostNorm", "model.layers.#.post_attention_layernorm")
          .with("blocks.#.feedForwardPostNorm", "model.layers.#.post_feedforward_layernorm");

  @Override
  public String name() {
    return "olmo2";
  }

  @Override
  public String architecture() {
    return "Olmo2ForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    boolean bias = config.flag("attention_bias", false);
    Mixer attention =
        dims.attention(Rope.of(config).rotary(dims.headDim()))
            .withBias(bias, bias)
            .withQkNorm(new QkNorm.Whole(norm));
    BlockSpec block =
        new BlockSpec(
            attention, GatedMlps.read(config, "intermediate_size"), new Residual.PostNorm(norm));
    return dims.model(name(), dims.layers(block), norm);
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    config.sizes(spec).attention(layers.attention()).mlp(layers.mlp(), "intermediate_size");
    RopeFields.write(config, layers.attention().position());
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return NAMES.locate(parameter);
  }
}
