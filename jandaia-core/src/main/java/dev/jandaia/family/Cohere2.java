package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Command R7B and A (2504.00698): attention and MLP side by side after one norm, RoPE on the layers
 * with a window only.
 */
final class Cohere2 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_act", "silu"),
          Map.entry("layer_norm_eps", 1e-5),
          Map.entry("rope_theta", 10_000.0),
          Map.entry("max_position_embeddings", 8192),
          Map.entry("logit_scale", 0.0625),
          Map.entry("sliding_window", 4096),
          Map.entry("sliding_window_pattern", 4),
          Map.entry("tie_word_embeddings", true));

  @Override
  public String name() {
    return "cohere2";
  }

  @Override
  public String architecture() {
    return "Cohere2ForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    config.requireFlag("use_parallel_block", true);
    config.requireFlag("use_gated_activation", true);
    config.requireFlag("use_qk_norm", false);
    config.requireText("position_embedding_type", "rope_gptj");
    config.requireNumber("rotary_pct", 1);
    Dimensions dims = Dimensions.read(config);
    Norm norm = new Norm.Layer(config.number("layer_norm_eps"), false);
    int pattern = config.positive("sliding_window_pattern");
    LayerTypes types = LayerTypes.read(config, layer -> (layer + 1) % pattern != 0);
    boolean bias = config.flag("attention_bias", false);
    Position rotary = Rope.of(config).rotary(dims.headDim(), Pairing.NEIGHBOURS);
    GroupedQueryAttention attention = dims.attention(rotary).withBias(bias, bias);
    GatedMlp mlp = GatedMlps.read(config, "intermediate_size");
    Residual residual = new Residual.Parallel(norm);
    List<BlockSpec> blocks =
        dims.layers(i ->
            new BlockSpec(
                attention
                    .withPosition(types.slides(i) ? rotary : Position.NONE)
                    .withSpan(types.span(i)),
                mlp,
                residual));
    Head head = new Head(dims.tied(), config.number("logit_scale"), 0);
    return dims.model(name(), Embedding.PLAIN, blocks, norm, head);
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    config
        .sizes(spec)
        .attention(layers.attention())
        .mlp(layers.mlp(), "intermediate_size")
        .put("logit_scale", spec.head().scale())
        .layerTypes(layers);
    if (spec.finalNorm() instanceof Norm.Layer(double epsilon, _)) {
      config.put("layer_norm_eps", epsilon);
    }
    RopeFields.write(config, layers.local().position());
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return HubNames.LLAMA.locate(parameter);
  }
}
