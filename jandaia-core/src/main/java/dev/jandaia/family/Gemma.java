package dev.jandaia.family;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.Map;
import java.util.Optional;

/** Gemma (2403.08295): Llama with GeGLU, norms around 1, and embeddings scaled by √C. */
final class Gemma implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "rms_norm_eps",
          1e-6,
          "rope_theta",
          10_000.0,
          "head_dim",
          256,
          "max_position_embeddings",
          8192,
          "tie_word_embeddings",
          true);

  @Override
  public String name() {
    return "gemma";
  }

  @Override
  public String architecture() {
    return "GemmaForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    // The first release says gelu where it means the tanh form; both spellings exist.
    config.requireText("hidden_act", "gelu", "gelu_pytorch_tanh");
    config.requireText("hidden_activation", "gelu_pytorch_tanh");
    config.requireFlag("use_bidirectional_attention", false);
    Dimensions dims = Dimensions.read(config);
    Norm norm = new Norm.Rms(config.number("rms_norm_eps"), Norm.Gain.ONE_PLUS_WEIGHT);
    boolean bias = config.flag("attention_bias", false);
    Mixer attention = dims.attention(Rope.of(config).rotary(dims.headDim())).withBias(bias, bias);
    GatedMlp mlp =
        new GatedMlp(
            config.integer("intermediate_size"), new Gating.Plain(Activation.GELU_TANH), false);
    BlockSpec block = new BlockSpec(attention, mlp, new Residual.PreNorm(norm));
    Embedding embedding = new Embedding(Math.sqrt(dims.hiddenSize()), 0, Norm.NONE);
    return dims.model(name(), embedding, dims.layers(block), norm, Head.of(dims.tied()));
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
