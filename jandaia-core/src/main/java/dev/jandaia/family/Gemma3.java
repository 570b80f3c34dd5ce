package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gemma 3 (2503.19786): five layers with a window and a small RoPE theta to one without, and norms
 * on query and key heads in place of Gemma 2's soft caps. Of the models that also see images, only
 * the language part.
 */
final class Gemma3 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("vocab_size", 262_208),
          Map.entry("num_attention_heads", 8),
          Map.entry("num_key_value_heads", 4),
          Map.entry("head_dim", 256),
          Map.entry("hidden_activation", "gelu_pytorch_tanh"),
          Map.entry("max_position_embeddings", 131_072),
          Map.entry("rms_norm_eps", 1e-6),
          Map.entry("tie_word_embeddings", true),
          Map.entry("query_pre_attn_scalar", 256),
          Map.entry("sliding_window", 4096),
          Map.entry("sliding_window_pattern", 6),
          Map.entry("rope_theta", 1_000_000.0),
          Map.entry("rope_local_base_freq", 10_000.0));

  private static final HubNames NAMES = HubNames.LLAMA.withQueryKeyNorms().withSandwichNorms();

  @Override
  public String name() {
    return "gemma3_text";
  }

  @Override
  public String architecture() {
    return "Gemma3ForCausalLM";
  }

  @Override
  public List<String> aliases() {
    return List.of("gemma3");
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = Multimodal.language(published).withDefaults(DEFAULTS);
    config.requireFlag("use_bidirectional_attention", false);
    Dimensions dims = Dimensions.read(config);
    Norm norm = new Norm.Rms(config.number("rms_norm_eps"), Norm.Gain.ONE_PLUS_WEIGHT);
    int pattern = config.positive("sliding_window_pattern");
    LayerTypes types = LayerTypes.read(config, layer -> (layer + 1) % pattern != 0);
    Position global = Rope.of(config, LayerTypes.FULL, "rope_theta").rotary(dims.headDim());
    Position local =
        Rope.of(config, LayerTypes.SLIDING, "rope_local_base_freq").rotary(dims.headDim());
    boolean bias = config.flag("attention_bias", false);
    GroupedQueryAttention attention =
        dims.attention(global)
            .withBias(bias, bias)
            .withQkNorm(new QkNorm.PerHead(norm))
            .withScale(1 / Math.sqrt(config.number("query_pre_attn_scalar")))
            .withScoreSoftCap(config.number("attn_logit_softcapping", 0));
    GatedMlp mlp = GatedMlps.read(config, "intermediate_size", "hidden_activation");
    Residual residual = new Residual.Sandwich(norm);
    List<BlockSpec> blocks =
        dims.layers(i ->
            new BlockSpec(
                attention.withSpan(types.span(i)).withPosition(types.slides(i) ? local : global),
                mlp,
                residual));
    Embedding embedding = new Embedding(Math.sqrt(dims.hiddenSize()), 0, Norm.NONE);
    Head head = new Head(dims.tied(), 1, config.number("final_logit_softcapping", 0));
    return dims.model(name(), embedding, blocks, norm, head);
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    config
        .sizes(spec)
        .attention(layers.attention())
        .mlp(layers.mlp(), "intermediate_size", "hidden_activation")
        .layerTypes(layers);
    RopeFields.write(config, layers.attention().position());
    if (layers.local().position() instanceof Position.Rotary local) {
      config.put("rope_local_base_freq", local.theta());
    }
    Gemma2.writeScores(spec, config);
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return NAMES.locate(parameter);
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
