package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.NormedDenseAndMoe;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gemma 4: layers without a window have wider heads, keys that serve as values and a RoPE that
 * turns a part of each head; values are normalised and scores not scaled. The large model has
 * experts beside its dense network, the small ones vectors for each layer and later layers that
 * read the keys and values of earlier ones. Of the models that also see and hear, only the language
 * part.
 */
final class Gemma4 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("vocab_size", 262_144),
          Map.entry("hidden_size", 2304),
          Map.entry("intermediate_size", 9216),
          Map.entry("num_hidden_layers", 30),
          Map.entry("num_attention_heads", 8),
          Map.entry("num_key_value_heads", 4),
          Map.entry("head_dim", 256),
          Map.entry("global_head_dim", 512),
          Map.entry("hidden_activation", "gelu_pytorch_tanh"),
          Map.entry("max_position_embeddings", 131_072),
          Map.entry("rms_norm_eps", 1e-6),
          Map.entry("tie_word_embeddings", true),
          Map.entry("sliding_window", 512),
          Map.entry("vocab_size_per_layer_input", 262_144),
          Map.entry("hidden_size_per_layer_input", 256),
          Map.entry("num_kv_shared_layers", 0),
          Map.entry("rope_theta", 10_000.0),
          Map.entry(
              "rope_parameters",
              Map.of(
                  LayerTypes.SLIDING,
                  Map.of("rope_type", "default", "rope_theta", 10_000.0),
                  LayerTypes.FULL,
                  Map.of(
                      "rope_type",
                      "proportional",
                      "partial_rotary_factor",
                      0.25,
                      "rope_theta",
                      1_000_000.0))));

  private static final ExpertStacks EXPERTS = new ExpertStacks("model.layers.#.experts", false);

  private static final HubNames NAMES =
      HubNames.LLAMA
          .withQueryKeyNorms()
          .withSandwichNorms()
          .withLayerInputs()
          .with("blocks.#.outputScale", "model.layers.#.layer_scalar")
          .with("blocks.#.feedForward.dense.gate", "model.layers.#.mlp.gate_proj")
          .with("blocks.#.feedForward.dense.up", "model.layers.#.mlp.up_proj")
          .with("blocks.#.feedForward.dense.down", "model.layers.#.mlp.down_proj")
          .with("blocks.#.feedForward.densePostNorm", "model.layers.#.post_feedforward_layernorm_1")
          .with("blocks.#.feedForward.moeNorm", "model.layers.#.pre_feedforward_layernorm_2")
          .with("blocks.#.feedForward.moePostNorm", "model.layers.#.post_feedforward_layernorm_2")
          .with("blocks.#.feedForward.moe.router", "model.layers.#.router.proj")
          .with("blocks.#.feedForward.moe.router.norm.weight", "model.layers.#.router.scale")
          .with(
              "blocks.#.feedForward.moe.router.expertScale",
              "model.layers.#.router.per_expert_scale");

  @Override
  public String name() {
    return "gemma4_text";
  }

  @Override
  public String architecture() {
    return "Gemma4ForCausalLM";
  }

  @Override
  public List<String> aliases() {
    return List.of("gemma4");
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = Multimodal.language(published).withDefaults(DEFAULTS);
    // Text sees what came before it, also where images see all of themselves.
    config.requireText("use_bidirectional_attention", "vision");
    GemmaText text = GemmaText.read(config, types(config));
    Residual residual = residual(text);
    List<BlockSpec> blocks =
        text.dims()
            .layers(i ->
                new BlockSpec(
                    attention(config, text.dims(), text.types(), text.sharing(), i),
                    feedForward(config, text.norm(), text.sharing().isShared(i)),
                    residual));
    return text.model(name(), blocks);
  }

  /** Every sixth layer sees all keys where the config does not tell, and the last one always. */
  private static LayerTypes types(Config config) {
    LayerTypes types = LayerTypes.read(config, layer -> (layer + 1) % 6 != 0);
    int last = types.types().size() - 1;
    return types.with(last, LayerTypes.FULL);
  }

  private static GroupedQueryAttention attention(
      Config config, Dimensions dims, LayerTypes types, LayerSharing sharing, int layer) {
    boolean wide = !types.slides(layer);
    boolean keysOnly = wide && config.flag("attention_k_eq_v", false);
    int headDim = dims.headDim();
    int numKvHeads = dims.numKvHeads();
    if (config.has("per_layer_config")) {
      Optional<Config> own =
          config.object("per_layer_config").flatMap(all -> all.object(String.valueOf(layer)));
      own.ifPresent(values -> values.requireOnly("head_dim", "num_key_value_heads"));
      headDim = own.map(values -> values.integer("head_dim", dims.headDim())).orElse(headDim);
      numKvHeads =
          own.map(values -> values.integer("num_key_value_heads", dims.numKvHeads()))
              .orElse(numKvHeads);
    } else if (wide) {
      headDim = config.integer("global_head_dim");
      numKvHeads = keysOnly ? config.integer("num_global_key_value_heads", numKvHeads) : numKvHeads;
    }
    double epsilon = config.number("rms_norm_eps");
    boolean bias = config.flag("attention_bias", false);
    GroupedQueryAttention attention =
        GroupedQueryAttention.of(
                dims.numHeads(),
                numKvHeads,
                headDim,
                Rope.of(config, types.type(layer), "rope_theta").rotary(headDim))
            .withBias(bias, bias)
            .withQkNorm(new QkNorm.PerHead(Norm.Rms.of(epsilon)))
            .withScale(1)
            .withSpan(types.span(layer));
    return sharing.isShared(layer)
        ? attention.withKeyValues(sharing.source(layer))
        : attention
            .withValueNorm(new Norm.Rms(epsilon, Norm.Gain.NONE))
            .withKeyValues(keysOnly ? new KeyValues.KeysOnly() : KeyValues.PROJECTED);
  }

  private static FeedForward feedForward(Config config, Norm norm, boolean shared) {
    boolean twice = shared && config.flag("use_double_wide_mlp", false);
    GatedMlp dense = mlp(config, (twice ? 2 : 1) * config.positive("intermediate_size"));
    if (!config.flag("enable_moe_block", false)) {
      return dense;
    }
    Router router =
        new Router(
            config.integer("top_k_experts"),
            Router.Scoring.SOFTMAX,
            false,
            false,
            Router.Groups.NONE,
            true,
            1,
            0,
            norm,
            1 / Math.sqrt(config.integer("hidden_size")),
            true);
    GatedMlp expert = mlp(config, config.integer("moe_intermediate_size"));
    return new NormedDenseAndMoe(
        dense,
        new MixtureOfExperts(config.integer("num_experts"), router, expert, Optional.empty()),
        norm);
  }

  private static GatedMlp mlp(Config config, int size) {
    return new GatedMlp(size, Activations.gating(config, "hidden_activation"), false);
  }

  private static Residual residual(GemmaText text) {
    Residual sandwich = new Residual.Sandwich(text.norm());
    return new Residual.Rescaled(
        text.layerInput()
            .<Residual>map(input -> new Residual.WithInput(sandwich, input))
            .orElse(sandwich));
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    Gemma4Fields.write(spec, config);
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return EXPERTS.locate(spec, parameter).or(() -> NAMES.locate(parameter));
  }

  @Override
  public List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    return Multimodal.candidates(locate(spec, parameter));
  }

  @Override
  public boolean isSurplus(ModelSpec spec, String tensor) {
    return Family.super.isSurplus(spec, tensor) || GemmaText.isSurplus(spec, tensor);
  }
}
