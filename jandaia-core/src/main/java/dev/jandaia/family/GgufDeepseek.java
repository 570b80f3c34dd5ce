package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import java.util.Optional;

/** GGUF architecture deepseek2: DeepSeek-V2, V3 and their relatives. */
final class GgufDeepseek {
  private static final int SIGMOID = 2;

  private GgufDeepseek() {}

  static ModelSpec deepseek2(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    Norm norm = GgufParts.norm(gguf);
    LatentAttention attention = attention(gguf, dims);
    boolean sigmoid = gguf.integer("expert_gating_func", 1) == SIGMOID;
    FeedForward dense = new GatedMlp(gguf.integer("feed_forward_length"), Gating.SWIGLU, false);
    FeedForward sparse = experts(gguf, sigmoid);
    int firstSparse = gguf.integer("leading_dense_block_count", 0);
    Residual residual = new Residual.PreNorm(norm);
    return dims.model(
        sigmoid ? "deepseek_v3" : "deepseek_v2",
        dims.layers(i -> new BlockSpec(attention, i < firstSparse ? dense : sparse, residual)),
        norm);
  }

  private static LatentAttention attention(GgufMetadata gguf, Dimensions dims) {
    int ropeDim = gguf.integer("rope.dimension_count");
    int queryKeyDim =
        gguf.has("attention.key_length_mla")
            ? gguf.integer("attention.key_length_mla")
            : gguf.integer("attention.key_length");
    int valueDim =
        gguf.has("attention.value_length_mla")
            ? gguf.integer("attention.value_length_mla")
            : gguf.integer("attention.value_length");
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
        GgufParts.rotary(gguf, ropeDim, Pairing.NEIGHBOURS),
        Span.FULL,
        scoreFactor(gguf) / Math.sqrt(queryKeyDim));
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
