package dev.jandaia.family;

import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.DenseAndMoe;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.NormedDenseAndMoe;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.Temperature;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Metadata of a GGUF file from a spec in common form. What an architecture fixes is not stated;
 * whether it fixes it rightly is told by reading the metadata back.
 */
final class GgufKeys {
  /** Architectures whose routers are told by their names alone. */
  private static final Set<String> FIXED_ROUTERS =
      Set.of(
          "llama",
          "minimax-01",
          "qwen3moe",
          "olmoe",
          "gpt-oss",
          "llama4",
          "qwen3next",
          "qwen35moe",
          "gemma4");

  /** Architectures whose first layers may be dense. */
  private static final Set<String> LEADING_DENSE =
      Set.of("deepseek2", "glm4moe", "kimi-linear", "mistral4", "deepseek32", "glm-dsa");

  /** Architectures that list the layers with a window. */
  private static final Set<String> LISTED_WINDOWS = Set.of("olmo2", "gemma3n", "gemma4");

  private static final int SOFTMAX = 1;
  private static final int SIGMOID = 2;
  private static final int SQRT_SOFTPLUS = 4;

  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private final ModelSpec spec;
  private final SpecLayers layers;
  private final String architecture;

  private GgufKeys(ModelSpec spec, String architecture) {
    this.spec = spec;
    this.layers = new SpecLayers(spec);
    this.architecture = architecture;
    metadata.put("general.architecture", architecture);
  }

  /** What is the same in all layers is taken from the first, what is not from a fitting one. */
  static Map<String, Object> of(ModelSpec spec, String architecture) {
    GgufKeys keys = new GgufKeys(spec, architecture);
    keys.put("block_count", spec.numLayers());
    keys.put("context_length", spec.contextLength());
    keys.put("embedding_length", spec.hiddenSize());
    keys.put("vocab_size", spec.vocabSize());
    keys.norm(spec.finalNorm());
    spec.blocks().forEach(block -> keys.feedForward(block.feedForward()));
    keys.mixers();
    keys.softCap("final_logit_softcapping", spec.head().softCap());
    keys.ofArchitecture();
    return keys.metadata;
  }

  private void norm(Norm norm) {
    switch (norm) {
      case Norm.None() -> {}
      case Norm.Rms(double epsilon, _) -> put("attention.layer_norm_rms_epsilon", epsilon);
      case Norm.Layer(double epsilon, _) -> put("attention.layer_norm_epsilon", epsilon);
    }
  }

  private void feedForward(FeedForward feedForward) {
    switch (feedForward) {
      case Mlp mlp -> put("feed_forward_length", mlp.intermediateSize());
      case GatedMlp mlp -> put("feed_forward_length", mlp.intermediateSize());
      // No architecture that is written has these; reading the header back will tell.
      case DenseAndMoe both -> put("feed_forward_length", both.dense().intermediateSize());
      case NormedDenseAndMoe both -> {
        put("feed_forward_length", both.dense().intermediateSize());
        experts(both.experts());
      }
      case MixtureOfExperts moe -> experts(moe);
    }
  }

  private void experts(MixtureOfExperts moe) {
    metadata.putIfAbsent(key("feed_forward_length"), (long) moe.expert().intermediateSize());
    put("expert_count", moe.numExperts());
    put("expert_used_count", moe.router().topK());
    put("expert_feed_forward_length", moe.expert().intermediateSize());
    if (FIXED_ROUTERS.contains(architecture)) {
      return;
    }
    Router router = moe.router();
    put("expert_shared_count", Deepseek.numShared(moe));
    put(
        "expert_gating_func",
        switch (router.scoring()) {
          case SIGMOID -> SIGMOID;
          case SQRT_SOFTPLUS -> SQRT_SOFTPLUS;
          case SOFTMAX, SOFTMAX_OF_CHOSEN -> SOFTMAX;
        });
    put("expert_weights_scale", router.scale());
    metadata.put(key("expert_weights_norm"), router.renormalise());
    if (router.groups().count() > 1) {
      put("expert_group_count", router.groups().count());
      put("expert_group_used_count", router.groups().keep());
    }
    if (LEADING_DENSE.contains(architecture)) {
      put("leading_dense_block_count", layers.firstSparse());
    }
  }

  private void mixers() {
    layers.mixers(GatedDeltaNet.class).findFirst().ifPresent(this::deltaNet);
    layers.mixers(KimiDeltaAttention.class).findFirst().ifPresent(this::kimiDelta);
    layers.mixers(LatentAttention.class).findFirst().ifPresent(this::latent);
    layers
        .mixers(CompressedAttention.class)
        .map(CompressedAttention::position)
        .reduce((_, later) -> later)
        .ifPresent(position -> rotary((Position.Rotary) position));
    if (layers.mixers(GroupedQueryAttention.class).findFirst().isPresent()) {
      grouped(layers.attention());
      windows();
    }
    temperature();
  }

  private void grouped(GroupedQueryAttention attention) {
    put("attention.head_count", attention.numHeads());
    put("attention.head_count_kv", attention.numKvHeads());
    put("attention.key_length", attention.headDim());
    put("attention.value_length", attention.headDim());
    softCap("attn_logit_softcapping", attention.scoreSoftCap());
    // Some architectures have RoPE on the layers that see all keys, some on the others.
    layers
        .mixers(GroupedQueryAttention.class)
        .filter(other -> other.span().equals(attention.span()))
        .map(GroupedQueryAttention::position)
        .filter(Position.Rotary.class::isInstance)
        .findFirst()
        .or(() ->
            layers
                .mixers(GroupedQueryAttention.class)
                .map(GroupedQueryAttention::position)
                .filter(Position.Rotary.class::isInstance)
                .findFirst())
        .ifPresent(position -> rotary((Position.Rotary) position));
  }

  private void deltaNet(GatedDeltaNet delta) {
    put("ssm.conv_kernel", delta.convolution());
    put("ssm.state_size", delta.keyDim());
    put("ssm.group_count", delta.numKeyHeads());
    put("ssm.time_step_rank", delta.numValueHeads());
    put("ssm.inner_size", delta.valueWidth());
    put(
        "full_attention_interval",
        1
            + (int)
                spec.blocks().stream()
                    .takeWhile(block -> block.mixer() instanceof GatedDeltaNet)
                    .count());
  }

  private void kimiDelta(KimiDeltaAttention delta) {
    put("ssm.conv_kernel", delta.convolution());
    put("kda.head_dim", delta.headDim());
  }

  private void temperature() {
    Stream.concat(
            layers.mixers(GroupedQueryAttention.class).map(GroupedQueryAttention::temperature),
            layers.mixers(LatentAttention.class).map(LatentAttention::temperature))
        .filter(Temperature.Logarithmic.class::isInstance)
        .map(Temperature.Logarithmic.class::cast)
        .findFirst()
        .ifPresent(temperature -> {
          put("attention.temperature_scale", temperature.beta());
          if (architecture.equals("llama4") || architecture.equals("mistral4")) {
            put("attention.temperature_length", temperature.interval());
          }
        });
  }

  /** As one head of keys whose values are part of it, so that the cache is what is projected up. */
  private void latent(LatentAttention attention) {
    put("attention.head_count", attention.numHeads());
    metadata.put(key("attention.head_count_kv"), latentKeyHeads());
    put("rope.dimension_count", attention.ropeDim());
    // 0 for none, which other readers want to be told
    put("attention.q_lora_rank", attention.queryRank());
    put("attention.kv_lora_rank", attention.kvRank());
    put("attention.key_length", attention.cachedDim());
    put("attention.value_length", attention.kvRank());
    put("attention.key_length_mla", attention.queryKeyDim());
    put("attention.value_length_mla", attention.valueDim());
    if (attention.position() instanceof Position.Rotary rotary) {
      rotary(rotary);
      if (rotary.scaling() instanceof RopeScaling.Yarn yarn && yarn.factor() > 1) {
        double mscale = Math.sqrt(attention.scale() * Math.sqrt(attention.queryKeyDim()));
        if (mscale != 1) {
          put("rope.scaling.yarn_log_multiplier", (mscale - 1) / Math.log(yarn.factor()));
          metadata.remove(key("rope.scaling.attn_factor"));
        }
      }
    }
  }

  /** One; where layers differ, none for those that are linear. */
  private Object latentKeyHeads() {
    long[] perLayer =
        spec.blocks().stream()
            .mapToLong(block -> block.mixer() instanceof LatentAttention ? 1 : 0)
            .toArray();
    return Arrays.stream(perLayer).allMatch(heads -> heads == 1) ? (Object) 1L : perLayer;
  }

  private void rotary(Position.Rotary rotary) {
    put("rope.freq_base", rotary.theta());
    put("rope.dimension_count", rotary.rotaryDim());
    switch (rotary.scaling()) {
      case RopeScaling.None() -> {}
      case RopeScaling.Linear(double factor) -> {
        metadata.put(key("rope.scaling.type"), "linear");
        put("rope.scaling.factor", factor);
      }
      case RopeScaling.Yarn yarn -> yarn(yarn);
      case RopeScaling.LongRope rule -> {
        put("rope.scaling.original_context_length", rule.originalContext());
        put("rope.scaling.attn_factor", rule.attentionFactor());
      }
      // These stand in a tensor of their own.
      case RopeScaling.Llama3 llama3 -> {}
      case RopeScaling.Divisors divisors -> {}
      case RopeScaling.Proportional rule -> {}
    }
  }

  private void yarn(RopeScaling.Yarn yarn) {
    metadata.put(key("rope.scaling.type"), "yarn");
    put("rope.scaling.factor", yarn.factor());
    put("rope.scaling.original_context_length", yarn.originalContext());
    put("rope.scaling.yarn_beta_fast", yarn.betaFast());
    put("rope.scaling.yarn_beta_slow", yarn.betaSlow());
    double magnitude = Rope.magnitude(yarn.factor(), 1);
    if (architecture.equals("mistral3")) {
      // What it multiplies cosines and sines with takes back what YaRN does.
      put("rope.scaling.yarn_log_multiplier", 1.0);
    } else if (Math.abs(yarn.attentionFactor() - magnitude) > 1e-6) {
      put("rope.scaling.attn_factor", yarn.attentionFactor() / magnitude);
    }
  }

  /** Llama has no windows in GGUF: a model that needs them is not written as one. */
  private void windows() {
    if (layers.window().isPresent() && !architecture.equals("llama")) {
      put("attention.sliding_window", layers.window().getAsInt());
      if (LISTED_WINDOWS.contains(architecture)) {
        boolean[] slides = new boolean[spec.numLayers()];
        for (int i = 0; i < slides.length; i++) {
          slides[i] = SpecLayers.slides(spec.blocks().get(i).mixer());
        }
        metadata.put(key("attention.sliding_window_pattern"), slides);
      }
    }
    layers
        .mixers(GroupedQueryAttention.class)
        .map(GroupedQueryAttention::span)
        .filter(Span.Chunked.class::isInstance)
        .findFirst()
        .ifPresent(span -> put("attention.sliding_window", ((Span.Chunked) span).size()));
  }

  /** What only some architectures ask for. */
  private void ofArchitecture() {
    switch (architecture) {
      case "deepseek4" -> {
        metadata.remove(key("rope.scaling.attn_factor"));
        putAll(GgufCompressedKeys.of(spec));
      }
      case "deepseek32" -> putAll(GgufIndexers.keys(layers));
      case "glm-dsa" -> {
        putAll(GgufIndexers.keys(layers));
        putAll(GgufIndexers.types(layers));
      }
      case "minimax-01" -> putAll(GgufLightning.keys(spec));
      case "gemma3n", "gemma4" -> metadata.putAll(GgufGemmaKeys.of(spec, architecture));
      case "cohere2" -> put("logit_scale", spec.head().scale());
      case "granite" -> {
        put("logit_scale", 1 / spec.head().scale());
        put("embedding_scale", spec.embedding().scale());
        put("attention.scale", layers.attention().scale());
        if (spec.blocks().getFirst().residual()
            instanceof Residual.ScaledPreNorm(_, double scale)) {
          put("residual_scale", scale);
        }
      }
      case "qwen35", "qwen35moe" -> {
        sections();
        sharedExpert();
      }
      case "qwen3next" -> sharedExpert();
      case "llama4" -> put("interleave_moe_layer_step", layers.firstSparse() + 1);
      default -> {}
    }
  }

  /** Of three axes of positions, which text does not tell apart, each turns every third pair. */
  private void sections() {
    if (layers.attention().position() instanceof Position.Rotary rotary) {
      int pairs = rotary.rotaryDim() / 2;
      long[] sections = {(pairs + 2) / 3, (pairs + 1) / 3, pairs / 3, 0};
      metadata.put(key("rope.dimension_sections"), sections);
    }
  }

  private void sharedExpert() {
    layers
        .sparse()
        .flatMap(MixtureOfExperts::shared)
        .ifPresent(shared -> put("expert_shared_feed_forward_length", shared.intermediateSize()));
  }

  private void softCap(String key, double cap) {
    if (cap != 0) {
      put(key, cap);
    }
  }

  private void putAll(Map<String, Object> values) {
    values.forEach((key, value) -> metadata.put(key(key), value));
  }

  private void put(String key, int value) {
    metadata.put(key(key), (long) value);
  }

  private void put(String key, double value) {
    metadata.put(key(key), value);
  }

  private String key(String key) {
    return architecture + "." + key;
  }
}
