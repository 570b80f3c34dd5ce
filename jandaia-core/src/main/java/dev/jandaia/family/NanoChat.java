package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.Map;
import java.util.Optional;

/**
 * nanochat: norms without weights, one of them on the embedding and others on queries and keys
 * after RoPE, and an MLP with squared ReLU.
 */
final class NanoChat implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "hidden_act",
          "relu2",
          "rms_norm_eps",
          1e-6,
          "rope_theta",
          10_000.0,
          "max_position_embeddings",
          2048,
          "final_logit_softcapping",
          15.0);

  private static final HubNames NAMES =
      HubNames.LLAMA
          .with("blocks.#.feedForward.up", "model.layers.#.mlp.fc1")
          .with("blocks.#.feedForward.down", "model.layers.#.mlp.fc2");

  @Override
  public String name() {
    return "nanochat";
  }

  @Override
  public String architecture() {
    return "NanoChatForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = new Norm.Rms(config.number("rms_norm_eps"), Norm.Gain.NONE);
    boolean bias = config.flag("attention_bias", false);
    Mixer attention =
        dims.attention(Rope.of(config).rotary(dims.headDim(), Pairing.HALVES_REVERSED))
            .withBias(bias, bias)
            .withQkNorm(new QkNorm.Rotated(norm));
    Mlp mlp =
        new Mlp(config.integer("intermediate_size"), Activations.read(config, "hidden_act"), false);
    return dims.model(
        name(),
        new Embedding(1, 0, norm),
        dims.layers(new BlockSpec(attention, mlp, new Residual.PreNorm(norm))),
        norm,
        new Head(dims.tied(), 1, config.number("final_logit_softcapping", 0)));
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    config
        .sizes(spec)
        .attention(layers.attention())
        .putUnlessZero("final_logit_softcapping", spec.head().softCap());
    layers
        .feedForwards(Mlp.class)
        .findFirst()
        .ifPresent(mlp ->
            config
                .put("intermediate_size", mlp.intermediateSize())
                .put("hidden_act", Activations.name(mlp.activation())));
    RopeFields.write(config, layers.attention().position());
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return NAMES.locate(parameter);
  }
}
