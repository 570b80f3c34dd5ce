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

/** Qwen2 and Qwen2.5 (2407.10671): Llama with biases on queries, keys and values. */
final class Qwen2 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "hidden_act",
          "silu",
          "rms_norm_eps",
          1e-6,
          "rope_theta",
          10_000.0,
          "max_position_embeddings",
          32_768);

  @Override
  public String name() {
    return "qwen2";
  }

  @Override
  public String architecture() {
    return "Qwen2ForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    LayerTypes types = QwenWindows.read(config);
    GroupedQueryAttention attention =
        dims.attention(Rope.of(config).rotary(dims.headDim())).withBias(true, false);
    GatedMlp mlp = GatedMlps.read(config, "intermediate_size");
    Residual residual = new Residual.PreNorm(norm);
    List<BlockSpec> blocks =
        dims.layers(i -> new BlockSpec(attention.withSpan(types.span(i)), mlp, residual));
    return dims.model(name(), blocks, norm);
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    config.sizes(spec).heads(layers.attention()).mlp(layers.mlp(), "intermediate_size");
    RopeFields.write(config, layers.attention().position());
    QwenWindows.write(layers, config);
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return HubNames.LLAMA.locate(parameter);
  }
}
