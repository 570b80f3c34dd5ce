package dev.jandaia.family;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.DenseAndMoe;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.NormedDenseAndMoe;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.json.SpecDiff;
import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The config.json of a spec, in the spelling that transformers of every version reads. What is
 * written has been read back and means the same spec.
 */
public final class HubConfig {
  private static final Map<String, String> CLASSES =
      Map.ofEntries(
          Map.entry("gemma", "GemmaForCausalLM"),
          Map.entry("gemma2", "Gemma2ForCausalLM"),
          Map.entry("gemma3_text", "Gemma3ForCausalLM"),
          Map.entry("gpt2", "GPT2LMHeadModel"),
          Map.entry("llama", "LlamaForCausalLM"),
          Map.entry("mistral", "MistralForCausalLM"),
          Map.entry("mixtral", "MixtralForCausalLM"),
          Map.entry("olmo2", "Olmo2ForCausalLM"),
          Map.entry("qwen2", "Qwen2ForCausalLM"),
          Map.entry("qwen3", "Qwen3ForCausalLM"),
          Map.entry("qwen3_moe", "Qwen3MoeForCausalLM"));

  private final ObjectNode config = JsonNodeFactory.instance.objectNode();
  private final ModelSpec spec;

  private HubConfig(ModelSpec spec) {
    this.spec = spec;
  }

  /**
   * The config.json of a spec of one of the families that are trained and exported.
   *
   * @throws JandaiaException if the family's config cannot express the spec; the message names the
   *     first difference
   */
  public static JsonNode of(ModelSpec spec) {
    if (!CLASSES.containsKey(spec.family())) {
      throw new JandaiaException(
          "family %s: expected one that can be written as config.json (%s)"
              .formatted(
                  spec.family(), String.join(", ", CLASSES.keySet().stream().sorted().toList())));
    }
    JsonNode config = new HubConfig(spec).write();
    ModelSpec readBack = Families.spec(Config.of("config.json", config));
    SpecDiff.first(spec, readBack)
        .ifPresent(difference -> {
          throw new JandaiaException(
              "config.json of %s cannot express this model (asked, possible): %s"
                  .formatted(spec.family(), difference));
        });
    return config;
  }

  private JsonNode write() {
    boolean layersDiffer =
        spec.family().equals("mistral") && spec.blocks().stream().distinct().count() > 1;
    config.put("model_type", layersDiffer ? "ministral" : spec.family());
    config
        .putArray("architectures")
        .add(layersDiffer ? "MinistralForCausalLM" : CLASSES.get(spec.family()));
    config.put("vocab_size", spec.vocabSize());
    config.put("tie_word_embeddings", spec.head().tied());
    if (spec.family().equals("gpt2")) {
      gpt2();
    } else {
      decoder();
    }
    return config;
  }

  private void gpt2() {
    GroupedQueryAttention attention = globalAttention();
    config.put("n_embd", spec.hiddenSize());
    config.put("n_layer", spec.numLayers());
    config.put("n_head", attention.numHeads());
    config.put("n_positions", spec.contextLength());
    if (spec.finalNorm() instanceof Norm.Layer(double epsilon, _)) {
      config.put("layer_norm_epsilon", epsilon);
    }
    if (spec.blocks().getFirst().feedForward() instanceof Mlp mlp) {
      config.put("n_inner", mlp.intermediateSize());
      config.put("activation_function", name(mlp.activation()).replace("pytorch_tanh", "new"));
    }
  }

  private void decoder() {
    GroupedQueryAttention attention = globalAttention();
    config.put("hidden_size", spec.hiddenSize());
    config.put("num_hidden_layers", spec.numLayers());
    config.put("max_position_embeddings", spec.contextLength());
    config.put("num_attention_heads", attention.numHeads());
    config.put("num_key_value_heads", attention.numKvHeads());
    config.put("head_dim", attention.headDim());
    config.put("attention_bias", attention.outputBias());
    if (spec.finalNorm() instanceof Norm.Rms(double epsilon, _)) {
      config.put("rms_norm_eps", epsilon);
    }
    spec.blocks().forEach(block -> feedForward(block.feedForward()));
    if (attention.position() instanceof Position.Rotary rotary) {
      rope(rotary);
    }
    windows();
    if (spec.family().matches("gemma[23].*")) {
      gemma(attention);
    }
  }

  private void feedForward(FeedForward feedForward) {
    switch (feedForward) {
      case Mlp mlp -> config.put("intermediate_size", mlp.intermediateSize());
      case GatedMlp mlp -> {
        config.put("intermediate_size", mlp.intermediateSize());
        gate(mlp);
      }
      case MixtureOfExperts moe -> experts(moe);
      // No config has a place for these; reading it back will tell.
      case DenseAndMoe both -> gate(both.dense());
      case NormedDenseAndMoe both -> gate(both.dense());
    }
  }

  private void gate(GatedMlp mlp) {
    config.put("mlp_bias", mlp.bias());
    if (mlp.gating() instanceof Gating.Plain(Activation activation)) {
      boolean newer = spec.family().matches("gemma[23].*");
      config.put(newer ? "hidden_activation" : "hidden_act", name(activation));
    }
  }

  private void experts(MixtureOfExperts moe) {
    gate(moe.expert());
    config.put("num_experts_per_tok", moe.router().topK());
    if (spec.family().equals("mixtral")) {
      config.put("num_local_experts", moe.numExperts());
      config.put("intermediate_size", moe.expert().intermediateSize());
      return;
    }
    config.put("num_experts", moe.numExperts());
    config.put("moe_intermediate_size", moe.expert().intermediateSize());
    config.put("norm_topk_prob", moe.router().renormalise());
    config.put("decoder_sparse_step", 1);
    var dense = config.putArray("mlp_only_layers");
    IntStream.range(0, spec.numLayers())
        .filter(i -> !(spec.blocks().get(i).feedForward() instanceof MixtureOfExperts))
        .forEach(dense::add);
    if (!config.has("intermediate_size")) {
      config.put("intermediate_size", moe.expert().intermediateSize());
    }
  }

  private void rope(Position.Rotary rotary) {
    config.put("rope_theta", rotary.theta());
    switch (rotary.scaling()) {
      case RopeScaling.None() -> {}
      case RopeScaling.Linear(double factor) -> scaling("linear").put("factor", factor);
      case RopeScaling.Llama3 llama3 ->
          scaling("llama3")
              .put("factor", llama3.factor())
              .put("low_freq_factor", llama3.lowFrequencyFactor())
              .put("high_freq_factor", llama3.highFrequencyFactor())
              .put("original_max_position_embeddings", llama3.originalContext());
      case RopeScaling.Yarn yarn ->
          scaling("yarn")
              .put("factor", yarn.factor())
              .put("beta_fast", yarn.betaFast())
              .put("beta_slow", yarn.betaSlow())
              .put("attention_factor", yarn.attentionFactor())
              .put("truncate", yarn.truncate())
              .put("original_max_position_embeddings", yarn.originalContext());
      // A config has no place for these; reading it back will tell.
      case RopeScaling.Divisors divisors -> {}
      case RopeScaling.LongRope rule -> longRope(scaling("longrope"), rule);
      case RopeScaling.Proportional rule -> {}
    }
  }

  private static void longRope(ObjectNode scaling, RopeScaling.LongRope rule) {
    rule.shortFactors().forEach(scaling.putArray("short_factor")::add);
    rule.longFactors().forEach(scaling.putArray("long_factor")::add);
    scaling
        .put("attention_factor", rule.attentionFactor())
        .put("original_max_position_embeddings", rule.originalContext());
  }

  private ObjectNode scaling(String type) {
    return config.putObject("rope_scaling").put("rope_type", type);
  }

  private void windows() {
    List<Span> spans = spec.blocks().stream().map(block -> span(block.mixer())).toList();
    List<Integer> windows =
        spans.stream()
            .filter(Span.Sliding.class::isInstance)
            .map(span -> ((Span.Sliding) span).window())
            .distinct()
            .toList();
    config.put("use_sliding_window", !windows.isEmpty());
    if (windows.isEmpty()) {
      config.putNull("sliding_window");
    } else {
      config.put("sliding_window", windows.getFirst());
    }
    if (spans.stream().distinct().count() > 1) {
      var types = config.putArray("layer_types");
      spans.forEach(
          span -> types.add(span instanceof Span.Full ? LayerTypes.FULL : LayerTypes.SLIDING));
    }
  }

  private void gemma(GroupedQueryAttention attention) {
    // Published scalars are integers, which the inverse square root only nearly returns.
    double scalar = 1 / (attention.scale() * attention.scale());
    double rounded = Math.rint(scalar);
    config.put(
        "query_pre_attn_scalar", 1 / Math.sqrt(rounded) == attention.scale() ? rounded : scalar);
    cap("attn_logit_softcapping", attention.scoreSoftCap());
    cap("final_logit_softcapping", spec.head().softCap());
    spec.blocks().stream()
        .map(BlockSpec::mixer)
        .filter(mixer -> span(mixer) instanceof Span.Sliding)
        .findFirst()
        .ifPresent(mixer -> {
          if (((GroupedQueryAttention) mixer).position() instanceof Position.Rotary rotary) {
            config.put("rope_local_base_freq", rotary.theta());
          }
        });
  }

  private void cap(String field, double cap) {
    if (cap == 0) {
      config.putNull(field);
    } else {
      config.put(field, cap);
    }
  }

  /** Attention of a layer that sees all keys; of the first where none does. */
  private GroupedQueryAttention globalAttention() {
    return spec.blocks().stream()
        .map(BlockSpec::mixer)
        .filter(mixer -> span(mixer) instanceof Span.Full)
        .findFirst()
        .or(() -> spec.blocks().stream().map(BlockSpec::mixer).findFirst())
        .filter(GroupedQueryAttention.class::isInstance)
        .map(GroupedQueryAttention.class::cast)
        .orElseThrow(() ->
            new JandaiaException("family " + spec.family() + ": expected grouped-query attention"));
  }

  private static Span span(Mixer mixer) {
    return mixer instanceof GroupedQueryAttention attention ? attention.span() : Span.FULL;
  }

  private static String name(Activation activation) {
    return switch (activation) {
      case SILU -> "silu";
      case GELU -> "gelu";
      case GELU_TANH -> "gelu_pytorch_tanh";
      case RELU -> "relu";
      case RELU_SQUARED -> "relu2";
    };
  }
}
