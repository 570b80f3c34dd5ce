package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.Map;
import java.util.Optional;

/** Llama 1 to 3 (2302.13971, 2307.09288, 2407.21783) and the many models of the same shape. */
final class Llama implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "hidden_act",
          "silu",
          "rms_norm_eps",
          1e-6,
          "rope_theta",
          10_000.0,
          "max_position_embeddings",
          2048);

  @Override
  public String name() {
    return "llama";
  }

  @Override
  public String architecture() {
    return "LlamaForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    boolean bias = config.flag("attention_bias", false);
    Mixer attention = dims.attention(Rope.of(config).rotary(dims.headDim())).withBias(bias, bias);
    GatedMlp mlp = GatedMlps.read(config, "intermediate_size");
    BlockSpec block = new BlockSpec(attention, mlp, new Residual.PreNorm(norm));
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
    return HubNames.LLAMA.locate(parameter);
  }
}
