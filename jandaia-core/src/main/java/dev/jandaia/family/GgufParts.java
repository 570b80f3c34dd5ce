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

  private static final List<String> UNSUPPORTED =
      List.of(
          "attention.clamp_kqv",
          "attention.max_alibi_bias",
          "attention.temperature_scale",
          "logit_scale",
          "residual_scale",
          "embedding_scale");

  private GgufParts() {}

  /**
   * @param understood keys that few architectures have, of which this one reads these
   */
  static Dimensions dimensions(GgufMetadata gguf, String... understood) {
    gguf.requireAbsent(
        UNSUPPORTED.stream()
            .filter(key -> !List.of(understood).contains(key))
            .toArray(String[]::new));
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
    return new RopeScaling.Divisors(values(gguf, "rope_freqs.weight"));
  }

  private static List<Double> values(GgufMetadata gguf, String tensor) {
    List<Double> values = new ArrayList<>();
    for (float value : gguf.floats(tensor)) {
      values.add((double) value);
    }
    return values;
  }

  private static RopeScaling scaling(GgufMetadata gguf, boolean truncate) {
    if (gguf.hasTensor("rope_factors_long.weight")) {
      return new RopeScaling.LongRope(
          values(gguf, "rope_factors_short.weight"),
          values(gguf, "rope_factors_long.weight"),
          gguf.integer("rope.scaling.original_context_length"),
          gguf.number("rope.scaling.attn_factor", 1));
    }
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

  /** Sigmoid routing, balanced by a bias that only affects the choice, and shared experts. */
  static MixtureOfExperts balancedExperts(GgufMetadata gguf) {
    Router router =
        new Router(
            gguf.integer("expert_used_count"),
            Router.Scoring.SIGMOID,
            false,
            true,
            Router.Groups.NONE,
            gguf.flag("expert_weights_norm", true),
            gguf.number("expert_weights_scale", 1));
    GatedMlp expert = new GatedMlp(expertSize(gguf), Gating.SWIGLU, false);
    return new MixtureOfExperts(gguf.integer("expert_count"), router, expert, shared(gguf, expert));
  }

  /** The experts that every token visits, fused to one network. */
  static Optional<GatedMlp> shared(GgufMetadata gguf, GatedMlp expert) {
    int shared = gguf.integer("expert_shared_count", 0);
    return shared == 0
        ? Optional.empty()
        : Optional.of(new GatedMlp(shared * expert.intermediateSize(), Gating.SWIGLU, false));
  }

  /** Blocks are counted with those of modules for further tokens, which come last. */
  static Dimensions withoutPredictions(GgufMetadata gguf, Dimensions dims) {
    return dims.withLayers(dims.numLayers() - gguf.integer("nextn_predict_layers", 0));
  }

  static int expertSize(GgufMetadata gguf) {
    return gguf.has("expert_feed_forward_length")
        ? gguf.integer("expert_feed_forward_length")
        : gguf.integer("feed_forward_length");
  }

  static Span.Sliding window(GgufMetadata gguf) {
    return new Span.Sliding(gguf.integer("attention.sliding_window"));
  }

  /**
   * Whether layer {@code layer} slides: as a list tells, or all but every {@code pattern}-th, which
   * sees all keys.
   */
  static boolean slides(GgufMetadata gguf, int layer, int pattern) {
    String key = "attention.sliding_window_pattern";
    Optional<boolean[]> listed = gguf.flags(key);
    if (listed.isPresent()) {
      return layer < listed.get().length && listed.get()[layer];
    }
    return (layer + 1) % (gguf.has(key) ? gguf.positive(key) : pattern) != 0;
  }
}
