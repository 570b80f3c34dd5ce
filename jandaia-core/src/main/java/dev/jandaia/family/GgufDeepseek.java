package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.Temperature;
import java.util.Optional;

/**
 * GGUF architectures with latent attention in all layers: deepseek2 (DeepSeek-V2, V3 and their
 * relatives), mistral4, deepseek32 and glm-dsa.
 */
final class GgufDeepseek {
  private static final int SIGMOID = 2;

  private GgufDeepseek() {}

  /** With a temperature Mistral Large 3. */
  static ModelSpec deepseek2(GgufMetadata gguf) {
    if (gguf.has("attention.temperature_scale")) {
      return mistral4(gguf);
    }
    boolean sigmoid = gguf.integer("expert_gating_func", 1) == SIGMOID;
    return model(
        sigmoid ? "deepseek_v3" : "deepseek_v2", gguf, Temperature.NONE, (_, _) -> Span.FULL);
  }

  /** Every layer has an indexer, which pairs elements half a head apart. */
  static ModelSpec deepseek32(GgufMetadata gguf) {
    return model(
        "deepseek_v32",
        gguf,
        Temperature.NONE,
        (_, position) -> GgufIndexers.span(gguf, position, Pairing.HALVES, true));
  }

  /** Some layers have an indexer, which pairs neighbours. */
  static ModelSpec glmDsa(GgufMetadata gguf) {
    return model(
        "glm_moe_dsa",
        gguf,
        Temperature.NONE,
        (layer, position) ->
            GgufIndexers.span(
                gguf, position, Pairing.NEIGHBOURS, GgufIndexers.isFull(gguf, layer)));
  }

  /** Queries grow with their position. */
  static ModelSpec mistral4(GgufMetadata gguf) {
    boolean grows = gguf.has("attention.temperature_scale");
    Temperature temperature =
        grows
            ? new Temperature.Logarithmic(
                gguf.number("attention.temperature_scale"),
                gguf.has("attention.temperature_length")
                    ? gguf.integer("attention.temperature_length")
                    : gguf.integer("rope.scaling.original_context_length"),
                0)
            : Temperature.NONE;
    return model("mistral4", gguf, temperature, (_, _) -> Span.FULL);
  }

  /** Which keys a layer sees, given how its positions enter. */
  private interface Spans {
    Span of(int layer, Position.Rotary position);
  }

  private static ModelSpec model(
      String family, GgufMetadata gguf, Temperature temperature, Spans spans) {
    Dimensions all =
        temperature.equals(Temperature.NONE)
            ? GgufParts.dimensions(gguf)
            : GgufParts.dimensions(gguf, "attention.temperature_scale");
    Dimensions dims = GgufParts.withoutPredictions(gguf, all);
    Norm norm = GgufParts.norm(gguf);
    boolean sigmoid = gguf.integer("expert_gating_func", 1) == SIGMOID;
    FeedForward dense = new GatedMlp(gguf.integer("feed_forward_length"), Gating.SWIGLU, false);
    FeedForward sparse = experts(gguf, sigmoid);
    int firstSparse = gguf.integer("leading_dense_block_count", 0);
    Residual residual = new Residual.PreNorm(norm);
    return dims.model(
        family,
        dims.layers(i ->
            new BlockSpec(
                attention(gguf, dims, temperature, spans, i),
                i < firstSparse ? dense : sparse,
                residual)),
        norm);
  }

  private static LatentAttention attention(
      GgufMetadata gguf, Dimensions dims, Temperature temperature, Spans spans, int layer) {
    int ropeDim = gguf.integer("rope.dimension_count");
    int queryKeyDim =
        gguf.has("attention.key_length_mla")
            ? gguf.integer("attention.key_length_mla")
            : gguf.integer("attention.key_length");
    int valueDim =
        gguf.has("attention.value_length_mla")
            ? gguf.integer("attention.value_length_mla")
            : gguf.integer("attention.value_length");
    Position.Rotary position = GgufParts.rotary(gguf, ropeDim, Pairing.NEIGHBOURS);
    return new LatentAttention(
        dims.numHeads(),
        gguf.integer("attention.q_lora_rank", 0),
        gguf.integer("attention.kv_lora_rank"),
        queryKeyDim - ropeDim,
        ropeDim,
        valueDim,
        false,
        false,
        Norm.Rms.of(Deepseek.LATENT_EPSILON),
        position,
        spans.of(layer, position),
        scoreFactor(gguf) / Math.sqrt(queryKeyDim),
        temperature);
  }

  /** mscale², mscale = 1 + yarn_log_multiplier·ln(factor). */
  private static double scoreFactor(GgufMetadata gguf) {
    if (!gguf.has("rope.scaling.yarn_log_multiplier")) {
      return 1;
    }
    double mscale =
        1
            + gguf.number("rope.scaling.yarn_log_multiplier")
                * Math.log(gguf.number("rope.scaling.factor"));
    return mscale * mscale;
  }

  private static MixtureOfExperts experts(GgufMetadata gguf, boolean sigmoid) {
    int groups = gguf.integer("expert_group_count", 1);
    Router router =
        new Router(
            gguf.integer("expert_used_count"),
            sigmoid ? Router.Scoring.SIGMOID : Router.Scoring.SOFTMAX,
            false,
            sigmoid,
            groups == 1
                ? Router.Groups.NONE
                : new Router.Groups(
                    groups,
                    gguf.integer("expert_group_used_count"),
                    sigmoid ? Router.GroupScore.TOP_TWO : Router.GroupScore.MAX),
            gguf.flag("expert_weights_norm", false),
            gguf.number("expert_weights_scale", 1));
    GatedMlp expert =
        new GatedMlp(gguf.integer("expert_feed_forward_length"), Gating.SWIGLU, false);
    int shared = gguf.integer("expert_shared_count", 0);
    return new MixtureOfExperts(
        gguf.integer("expert_count"),
        router,
        expert,
        shared == 0
            ? Optional.empty()
            : Optional.of(new GatedMlp(shared * expert.intermediateSize(), Gating.SWIGLU, false)));
  }
}
