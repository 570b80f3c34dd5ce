package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.DenseAndMoe;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.NormedDenseAndMoe;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Span;
import java.util.LinkedHashMap;
import java.util.Map;

/** Metadata of a GGUF file from the spec of what it stores. */
final class GgufKeys {
  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private final String prefix;

  private GgufKeys(String architecture) {
    this.prefix = architecture + ".";
    metadata.put("general.architecture", architecture);
  }

  /** What is the same in all layers is taken from the first, what is not from a fitting one. */
  static Map<String, Object> of(ModelSpec spec, String architecture) {
    GgufKeys keys = new GgufKeys(architecture);
    keys.put("block_count", spec.numLayers());
    keys.put("context_length", spec.contextLength());
    keys.put("embedding_length", spec.hiddenSize());
    keys.put("vocab_size", spec.vocabSize());
    keys.norm(spec.finalNorm());
    spec.blocks().forEach(block -> keys.feedForward(block.feedForward()));
    keys.attention(global(spec));
    spec.blocks().forEach(keys::window);
    keys.softCap("final_logit_softcapping", spec.head().softCap());
    return keys.metadata;
  }

  /** A layer that sees all keys, whose RoPE is the one that is stretched; else the first. */
  private static GroupedQueryAttention global(ModelSpec spec) {
    return spec.blocks().stream()
        .map(block -> (GroupedQueryAttention) block.mixer())
        .filter(attention -> attention.span() instanceof Span.Full)
        .findFirst()
        .orElseGet(() -> (GroupedQueryAttention) spec.blocks().getFirst().mixer());
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
      case NormedDenseAndMoe both -> put("feed_forward_length", both.dense().intermediateSize());
      case MixtureOfExperts moe -> {
        metadata.putIfAbsent(
            prefix + "feed_forward_length", (long) moe.expert().intermediateSize());
        put("expert_count", moe.numExperts());
        put("expert_used_count", moe.router().topK());
        put("expert_feed_forward_length", moe.expert().intermediateSize());
      }
    }
  }

  private void attention(GroupedQueryAttention attention) {
    put("attention.head_count", attention.numHeads());
    put("attention.head_count_kv", attention.numKvHeads());
    put("attention.key_length", attention.headDim());
    put("attention.value_length", attention.headDim());
    softCap("attn_logit_softcapping", attention.scoreSoftCap());
    if (attention.position() instanceof Position.Rotary rotary) {
      put("rope.freq_base", rotary.theta());
      put("rope.dimension_count", rotary.rotaryDim());
      scaling(rotary.scaling());
    }
  }

  private void scaling(RopeScaling scaling) {
    switch (scaling) {
      case RopeScaling.None() -> {}
      case RopeScaling.Linear(double factor) -> {
        metadata.put(prefix + "rope.scaling.type", "linear");
        put("rope.scaling.factor", factor);
      }
      case RopeScaling.Yarn yarn -> yarn(yarn);
      // These stand in a tensor of their own.
      case RopeScaling.Llama3 llama3 -> {}
      case RopeScaling.Divisors divisors -> {}
      case RopeScaling.LongRope rule -> {}
      case RopeScaling.Proportional rule -> {}
    }
  }

  private void yarn(RopeScaling.Yarn yarn) {
    metadata.put(prefix + "rope.scaling.type", "yarn");
    put("rope.scaling.factor", yarn.factor());
    put("rope.scaling.original_context_length", yarn.originalContext());
    put("rope.scaling.yarn_beta_fast", yarn.betaFast());
    put("rope.scaling.yarn_beta_slow", yarn.betaSlow());
  }

  /** Llama has no windows in GGUF: a model that needs them is not written as one. */
  private void window(BlockSpec block) {
    if (!prefix.equals("llama.")
        && block.mixer() instanceof GroupedQueryAttention attention
        && attention.span() instanceof Span.Sliding(int window)) {
      put("attention.sliding_window", window);
    }
  }

  private void softCap(String key, double cap) {
    if (cap != 0) {
      put(key, cap);
    }
  }

  private void put(String key, int value) {
    metadata.put(prefix + key, (long) value);
  }

  private void put(String key, double value) {
    metadata.put(prefix + key, value);
  }
}
