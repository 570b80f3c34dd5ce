package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gemma 2 (2408.00118): norms before and after both halves, soft caps on scores and logits, a
 * window on every other layer.
 */
final class Gemma2 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_activation", "gelu_pytorch_tanh"),
          Map.entry("rms_norm_eps", 1e-6),
          Map.entry("rope_theta", 10_000.0),
          Map.entry("head_dim", 256),
          Map.entry("max_position_embeddings", 8192),
          Map.entry("tie_word_embeddings", true),
          Map.entry("query_pre_attn_scalar", 256),
          Map.entry("sliding_window", 4096),
          Map.entry("final_logit_softcapping", 30.0),
          Map.entry("attn_logit_softcapping", 50.0));

  private static final HubNames NAMES = HubNames.LLAMA.withSandwichNorms();

  @Override
  public String name() {
    return "gemma2";
  }

  @Override
  public String architecture() {
    return "Gemma2ForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    config.requireFlag("use_bidirectional_attention", false);
    Dimensions dims = Dimensions.read(config);
    Norm norm = new Norm.Rms(config.number("rms_norm_eps"), Norm.Gain.ONE_PLUS_WEIGHT);
    LayerTypes types = LayerTypes.read(config, layer -> layer % 2 == 0);
    boolean bias = config.flag("attention_bias", false);
    GroupedQueryAttention attention =
        dims.attention(Rope.of(config).rotary(dims.headDim()))
            .withBias(bias, bias)
            .withScale(1 / Math.sqrt(config.number("query_pre_attn_scalar")))
            .withScoreSoftCap(config.number("attn_logit_softcapping", 0));
    GatedMlp mlp = GatedMlps.read(config, "intermediate_size", "hidden_activation");
    Residual residual = new Residual.Sandwich(norm);
    List<BlockSpec> blocks =
        dims.layers(i -> new BlockSpec(attention.withSpan(types.span(i)), mlp, residual));
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
    writeScores(spec, config);
  }

  /** What Gemma 2 and 3 say of scores and logits. */
  static void writeScores(ModelSpec spec, HubFields config) {
    GroupedQueryAttention attention = new SpecLayers(spec).attention();
    double scale = attention.scale();
    config
        .putWhole(
            "query_pre_attn_scalar",
            HubFields.shortest(1 / (scale * scale), scalar -> 1 / Math.sqrt(scalar) == scale))
        .putUnlessZero("attn_logit_softcapping", attention.scoreSoftCap())
        .putUnlessZero("final_logit_softcapping", spec.head().softCap());
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return NAMES.locate(parameter);
  }
}
