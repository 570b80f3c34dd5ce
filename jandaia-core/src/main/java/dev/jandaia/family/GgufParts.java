package dev.jandaia.family;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parts of a spec that most GGUF architectures describe with the same keys and tensors. */
final class GgufParts {
  static final Gating GEGLU = new Gating.Plain(Activation.GELU_TANH);

  private static final String[] UNSUPPORTED = {
    "attention.clamp_kqv",
    "attention.max_alibi_bias",
    "attention.temperature_scale",
    "logit_scale",
    "residual_scale",
    "embedding_scale"
  };

  private GgufParts() {}

  static Dimensions dimensions(GgufMetadata gguf) {
    gguf.requireAbsent(UNSUPPORTED);
    int hiddenSize = gguf.integer("embedding_length");
    int numHeads = gguf.positive("attention.head_count");
    return new Dimensions(
        gguf.rows("token_embd.weight"),
        hiddenSize,
        gguf.positive("block_count"),
        numHeads,
        gguf.integer("attention.head_count_kv", numHeads),
        gguf.integer("attention.key_length", hiddenSize / numHeads),
        gguf.integer("context_length"),
        !gguf.hasTensor("output.weight"));
  }

  static Norm norm(GgufMetadata gguf) {
    return Norm.Rms.of(gguf.number("attention.layer_norm_rms_epsilon"));
  }

  /** Attention with the biases that the first layer has. */
  static GroupedQueryAttention attention(GgufMetadata gguf, Dimensions dims, Position position) {
    int valueLength = gguf.integer("attention.value_length", dims.headDim());
    if (valueLength != dims.headDim()) {
      throw gguf.bad("attention.value_length", "attention.key_length = " + dims.headDim());
    }
    GroupedQueryAttention attention =
        dims.attention(position)
            .withBias(
                gguf.hasTensor("blk.0.attn_q.bias"), gguf.hasTensor("blk.0.attn_output.bias"));
    return gguf.has("attention.scale")
        ? attention.withScale(gguf.number("attention.scale"))
        : attention;
  }

  static Position.Rotary rotary(GgufMetadata gguf, int headDim, Pairing pairing) {
    return rotary(gguf, headDim, pairing, true);
  }

  static Position.Rotary rotary(GgufMetadata gguf, int headDim, Pairing pairing, boolean truncate) {
    return new Position.Rotary(
        gguf.number("rope.freq_base", 10_000),
        gguf.integer("rope.dimension_count", headDim),
        pairing,
        gguf.hasTensor("rope_freqs.weight") ? divisors(gguf) : scaling(gguf, truncate));
  }

  private static RopeScaling divisors(GgufMetadata gguf) {
    List<Double> divisors = new ArrayList<>();
    for (float divisor : gguf.floats("rope_freqs.weight")) {
      divisors.add((double) divisor);
    }
    return new RopeScaling.Divisors(divisors);
  }

  private static RopeScaling scaling(GgufMetadata gguf, boolean truncate) {
    String oldLinear = "rope.scale_linear";
    String type = gguf.text("rope.scaling.type", gguf.has(oldLinear) ? "linear" : "none");
    return switch (type) {
      case "none" -> RopeScaling.NONE;
      case "linear" ->
          new RopeScaling.Linear(
              gguf.number(gguf.has(oldLinear) ? oldLinear : "rope.scaling.factor"));
      case "yarn" -> yarn(gguf, truncate);
      default -> throw gguf.bad("rope.scaling.type", "one of none, linear, yarn");
    };
  }

  private static RopeScaling yarn(GgufMetadata gguf, boolean truncate) {
    double factor = gguf.number("rope.scaling.factor");
    double magnitude = factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1;
    // DeepSeek's latent attention stretches the softmax in place of the cosines and sines.
    boolean latent = gguf.has("rope.scaling.yarn_log_multiplier");
    return new RopeScaling.Yarn(
        factor,
        gguf.number("rope.scaling.yarn_beta_fast", 32),
        gguf.number("rope.scaling.yarn_beta_slow", 1),
        gguf.integer("rope.scaling.original_context_length", gguf.integer("context_length")),
        gguf.number("rope.scaling.attn_factor", 1) * (latent ? 1 : magnitude),
        truncate);
  }

  /** A gated network; where layer {@code layer} has a router, experts. */
  static FeedForward feedForward(GgufMetadata gguf, int layer, boolean renormalise) {
    if (!gguf.hasTensor("blk." + layer + ".ffn_gate_inp.weight")) {
      return new GatedMlp(
          gguf.integer("feed_forward_length"),
          Gating.SWIGLU,
          gguf.hasTensor("blk." + layer + ".ffn_down.bias"));
    }
    Router router =
        new Router(
            gguf.integer("expert_used_count"),
            Router.Scoring.SOFTMAX,
            false,
            false,
            Router.Groups.NONE,
            renormalise,
            1);
    return new MixtureOfExperts(
        gguf.integer("expert_count"),
        router,
        new GatedMlp(expertSize(gguf), Gating.SWIGLU, false),
        Optional.empty());
  }

  static int expertSize(GgufMetadata gguf) {
    return gguf.has("expert_feed_forward_length")
        ? gguf.integer("expert_feed_forward_length")
        : gguf.integer("feed_forward_length");
  }

  static Span.Sliding window(GgufMetadata gguf) {
    return new Span.Sliding(gguf.integer("attention.sliding_window"));
  }

  /** Whether layer {@code layer} slides when every {@code pattern}-th sees all keys. */
  static boolean slides(GgufMetadata gguf, int layer, int pattern) {
    String key = "attention.sliding_window_pattern";
    return (layer + 1) % (gguf.has(key) ? gguf.positive(key) : pattern) != 0;
  }
}
