package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.Map;
import java.util.Optional;

/**
 * Granite 3 (2405.04324 and after): Llama with a factor on the embedding, on the scores, on what
 * each half of a layer adds, and a divisor of the logits.
 */
final class Granite implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "hidden_act",
          "silu",
          "rms_norm_eps",
          1e-6,
          "rope_theta",
          10_000.0,
          "max_position_embeddings",
          2048,
          "embedding_multiplier",
          1.0,
          "attention_multiplier",
          1.0,
          "residual_multiplier",
          1.0,
          "logits_scaling",
          1.0);

  @Override
  public String name() {
    return "granite";
  }

  @Override
  public String architecture() {
    return "GraniteForCausalLM";
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
            .withScale(config.number("attention_multiplier"));
    GatedMlp mlp = GatedMlps.read(config, "intermediate_size");
    Residual residual = new Residual.ScaledPreNorm(norm, config.number("residual_multiplier"));
    return dims.model(
        name(),
        new Embedding(config.number("embedding_multiplier"), 0, Norm.NONE),
        dims.layers(new BlockSpec(attention, mlp, residual)),
        norm,
        new Head(dims.tied(), 1 / config.number("logits_scaling"), 0));
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    double logitScale = spec.head().scale();
    config
        .sizes(spec)
        .attention(layers.attention())
        .mlp(layers.mlp(), "intermediate_size")
        .put("embedding_multiplier", spec.embedding().scale())
        .put("attention_multiplier", layers.attention().scale())
        .put(
            "logits_scaling",
            HubFields.shortest(1 / logitScale, scaling -> 1 / scaling == logitScale));
    if (spec.blocks().getFirst().residual() instanceof Residual.ScaledPreNorm(_, double scale)) {
      config.put("residual_multiplier", scale);
    }
    RopeFields.write(config, layers.attention().position());
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return HubNames.LLAMA.locate(parameter);
  }
}
