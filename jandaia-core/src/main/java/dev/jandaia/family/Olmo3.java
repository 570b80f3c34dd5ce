package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** OLMo 3: OLMo 2 with a window on three layers of four; RoPE is stretched on the fourth only. */
final class Olmo3 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "hidden_act",
          "silu",
          "rms_norm_eps",
          1e-5,
          "rope_theta",
          500_000.0,
          "max_position_embeddings",
          2048,
          "sliding_window",
          4096);

  @Override
  public String name() {
    return "olmo3";
  }

  @Override
  public String architecture() {
    return "Olmo3ForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    LayerTypes types = LayerTypes.read(config, layer -> (layer + 1) % 4 != 0);
    Position global = Rope.of(config, LayerTypes.FULL, "rope_theta").rotary(dims.headDim());
    Position local = Rope.of(config, LayerTypes.SLIDING, "rope_theta").rotary(dims.headDim());
    boolean bias = config.flag("attention_bias", false);
    GroupedQueryAttention attention =
        dims.attention(global).withBias(bias, bias).withQkNorm(new QkNorm.Whole(norm));
    GatedMlp mlp = GatedMlps.read(config, "intermediate_size");
    Residual residual = new Residual.PostNorm(norm);
    List<BlockSpec> blocks =
        dims.layers(i ->
            new BlockSpec(
                attention.withSpan(types.span(i)).withPosition(types.slides(i) ? local : global),
                mlp,
                residual));
    return dims.model(name(), blocks, norm);
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    config.sizes(spec).attention(layers.attention()).mlp(layers.mlp(), "intermediate_size");
    config.layerTypes(layers);
    RopeFields.write(config, layers.attention().position());
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return Olmo2.NAMES.locate(parameter);
  }
}
