package dev.jandaia.family;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gemma 3n: several residual streams (AltUp), a learned shortcut around attention (LAuReL), vectors
 * for each layer, gates of which only the largest elements stay, normalised values, unscaled scores
 * and later layers that read the keys and values of earlier ones. Of the models that also see and
 * hear, only the language part.
 */
final class Gemma3n implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("vocab_size", 262_400),
          Map.entry("hidden_size", 2048),
          Map.entry("intermediate_size", 16_384),
          Map.entry("num_hidden_layers", 35),
          Map.entry("num_attention_heads", 8),
          Map.entry("num_key_value_heads", 2),
          Map.entry("head_dim", 256),
          Map.entry("hidden_activation", "gelu_pytorch_tanh"),
          Map.entry("max_position_embeddings", 32_768),
          Map.entry("rms_norm_eps", 1e-6),
          Map.entry("tie_word_embeddings", true),
          Map.entry("sliding_window", 512),
          Map.entry("final_logit_softcapping", 30.0),
          Map.entry("vocab_size_per_layer_input", 262_144),
          Map.entry("hidden_size_per_layer_input", 256),
          Map.entry("altup_active_idx", 0),
          Map.entry("altup_correct_scale", true),
          Map.entry("altup_num_inputs", 4),
          Map.entry("altup_coef_clip", 120.0),
          Map.entry("num_kv_shared_layers", 15),
          Map.entry("laurel_rank", 64),
          Map.entry("rope_theta", 1_000_000.0),
          Map.entry("rope_local_base_freq", 10_000.0));

  private static final HubNames NAMES =
      HubNames.LLAMA
          .withQueryKeyNorms()
          .withSandwichNorms()
          .withLayerInputs()
          .with("streams.split.#", "model.altup_projections.#")
          .with("streams.merge.#", "model.altup_unembed_projections.#")
          .with("blocks.#.laurel.narrow", "model.layers.#.laurel.linear_left")
          .with("blocks.#.laurel.widen", "model.layers.#.laurel.linear_right")
          .with("blocks.#.laurel.norm", "model.layers.#.laurel.post_laurel_norm")
          .with("blocks.#.altUp.norm", "model.layers.#.altup.router_norm")
          .with("blocks.#.altUp.router", "model.layers.#.altup.modality_router")
          .with("blocks.#.altUp.prediction", "model.layers.#.altup.prediction_coefs")
          .with("blocks.#.altUp.correction", "model.layers.#.altup.correction_coefs")
          .with("blocks.#.altUp.inputScale", "model.layers.#.altup.correct_output_scale");

  @Override
  public String name() {
    return "gemma3n_text";
  }

  @Override
  public String architecture() {
    return "Gemma3nForCausalLM";
  }

  @Override
  public List<String> aliases() {
    return List.of("gemma3n");
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = Multimodal.language(published).withDefaults(DEFAULTS);
    LayerTypes types = LayerTypes.read(config, layer -> (layer + 1) % 5 != 0);
    GemmaText text = GemmaText.read(config, types);
    int headDim = text.dims().headDim();
    GroupedQueryAttention attention = attention(config, text.dims(), text.norm());
    Position global = Rope.of(config, LayerTypes.FULL, "rope_theta").rotary(headDim);
    Position local = Rope.of(config, LayerTypes.SLIDING, "rope_local_base_freq").rotary(headDim);
    int numLayers = text.dims().numLayers();
    List<Integer> sizes = config.integerPerLayer("intermediate_size", numLayers);
    List<Double> sparsities = sparsities(config, numLayers);
    Residual residual = residual(text);
    List<BlockSpec> blocks =
        text.dims()
            .layers(i ->
                new BlockSpec(
                    shared(attention, text.sharing(), i)
                        .withSpan(types.span(i))
                        .withPosition(types.slides(i) ? local : global),
                    new GatedMlp(sizes.get(i), gating(config, sparsities.get(i)), false),
                    residual));
    return text.model(name(), blocks);
  }

  private static GroupedQueryAttention attention(Config config, Dimensions dims, Norm norm) {
    boolean bias = config.flag("attention_bias", false);
    return dims.attention(Position.NONE)
        .withBias(bias, bias)
        .withQkNorm(new QkNorm.PerHead(norm))
        .withScale(1);
  }

  private static GroupedQueryAttention shared(
      GroupedQueryAttention attention, LayerSharing sharing, int layer) {
    return sharing.isShared(layer)
        ? attention.withKeyValues(sharing.source(layer))
        : attention.withValueNorm(
            new Norm.Rms(
                ((Norm.Rms) ((QkNorm.PerHead) attention.qkNorm()).norm()).epsilon(),
                Norm.Gain.NONE));
  }

  /** How much of each layer's gate becomes zero; where the file is silent, ten layers of many. */
  private static List<Double> sparsities(Config config, int numLayers) {
    List<Double> given =
        config
            .numbers("activation_sparsity_pattern")
            .orElseGet(() -> {
              List<Double> pattern = new ArrayList<>(Collections.nCopies(numLayers, 0.0));
              if (numLayers > 10) {
                Collections.fill(pattern.subList(0, 10), 0.95);
              }
              return pattern;
            });
    if (given.size() != numLayers) {
      throw config.bad("activation_sparsity_pattern", numLayers + " numbers, one for each layer");
    }
    return given;
  }

  private static Gating gating(Config config, double sparsity) {
    Activation activation = Activations.read(config, "hidden_activation");
    return sparsity > 0
        ? new Gating.GaussianSparse(activation, sparsity)
        : new Gating.Plain(activation);
  }

  private static Residual residual(GemmaText text) {
    Config config = text.config();
    return new Residual.AltUp(
        new Residual.Laurel(text.norm(), config.positive("laurel_rank")),
        config.positive("altup_num_inputs"),
        config.integer("altup_active_idx"),
        text.norm(),
        text.layerInput()
            .orElseThrow(() -> config.bad("hidden_size_per_layer_input", "a positive integer")),
        config.flag("altup_correct_scale", true),
        config.has("altup_coef_clip")
            ? Optional.of(config.number("altup_coef_clip"))
            : Optional.empty());
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    config.sizes(spec).attention(layers.attention());
    GemmaText.write(spec, config);
    RopeFields.write(config, layers.attention().position());
    if (layers.local().position() instanceof Position.Rotary local) {
      config.put("rope_local_base_freq", local.theta());
    }
    List<GatedMlp> mlps = layers.feedForwards(GatedMlp.class).toList();
    config
        .put("hidden_activation", Activations.name(activation(layers.mlp().gating())))
        .putIntegers("intermediate_size", mlps.stream().map(GatedMlp::intermediateSize).toList())
        .putNumbers(
            "activation_sparsity_pattern",
            mlps.stream().map(mlp -> sparsity(mlp.gating())).toList());
    if (spec.blocks().getFirst().residual() instanceof Residual.AltUp altUp) {
      config
          .put("altup_num_inputs", altUp.streams())
          .put("altup_active_idx", altUp.active())
          .put("altup_correct_scale", altUp.scaledInput())
          .putUnlessZero("altup_coef_clip", altUp.bound().orElse(0.0));
      if (altUp.layer() instanceof Residual.Laurel(_, int rank)) {
        config.put("laurel_rank", rank);
      }
    }
  }

  private static double sparsity(Gating gating) {
    return gating instanceof Gating.GaussianSparse(_, double sparsity) ? sparsity : 0;
  }

  private static Activation activation(Gating gating) {
    return switch (gating) {
      case Gating.Plain(Activation activation) -> activation;
      case Gating.GaussianSparse(Activation activation, _) -> activation;
      case Gating.Bounded(Activation activation, _) -> activation;
      case Gating.Clamped _ -> Activation.SILU;
    };
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
    return Family.super.isSurplus(spec, tensor) || GemmaText.isSurplus(spec, tensor);
  }
}
