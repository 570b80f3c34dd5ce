package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.Temperature;
import java.util.List;
import java.util.Optional;

/** GGUF architectures with experts: olmoe, glm4moe, minimax-m2 and llama4. */
final class GgufSparse {
  /** Chunk, and tokens from which queries grow, where a file of Llama 4 does not tell. */
  private static final int LLAMA4_CONTEXT = 8192;

  private static final double LLAMA4_TEMPERATURE = 0.1;
  private static final int LLAMA4_NOPE_INTERVAL = 4;

  /** Experts of the one Llama 4 that does not normalise queries and keys. */
  private static final int MAVERICK_EXPERTS = 128;

  private GgufSparse() {}

  static ModelSpec olmoe(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    Norm norm = GgufParts.norm(gguf);
    GroupedQueryAttention attention =
        GgufParts.attention(gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES))
            .withQkNorm(new QkNorm.Whole(norm));
    BlockSpec block =
        new BlockSpec(attention, GgufParts.feedForward(gguf, 0, false), new Residual.PreNorm(norm));
    return dims.model("olmoe", dims.layers(block), norm);
  }

  /** The layers beyond the model's own are modules for further tokens. */
  static ModelSpec glm4Moe(GgufMetadata gguf) {
    Dimensions dims = GgufParts.withoutPredictions(gguf, GgufParts.dimensions(gguf));
    Norm norm = GgufParts.norm(gguf);
    GroupedQueryAttention attention =
        GgufParts.attention(gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES));
    GroupedQueryAttention normed =
        gguf.hasTensor("blk.0.attn_q_norm.weight")
            ? attention.withQkNorm(new QkNorm.PerHead(norm))
            : attention;
    FeedForward dense = new GatedMlp(gguf.integer("feed_forward_length"), Gating.SWIGLU, false);
    FeedForward sparse = GgufParts.balancedExperts(gguf);
    int firstSparse = gguf.integer("leading_dense_block_count", 0);
    Residual residual = new Residual.PreNorm(norm);
    return dims.model(
        "glm4_moe",
        dims.layers(i -> new BlockSpec(normed, i < firstSparse ? dense : sparse, residual)),
        norm);
  }

  static ModelSpec miniMaxM2(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    Norm norm = GgufParts.norm(gguf);
    GroupedQueryAttention attention =
        GgufParts.attention(gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES))
            .withQkNorm(new QkNorm.Whole(norm));
    Router router =
        new Router(
            gguf.integer("expert_used_count"),
            Router.Scoring.SIGMOID,
            false,
            true,
            Router.Groups.NONE,
            true,
            1);
    MixtureOfExperts experts =
        new MixtureOfExperts(
            gguf.integer("expert_count"),
            router,
            new GatedMlp(GgufParts.expertSize(gguf), Gating.SWIGLU, false),
            Optional.empty());
    BlockSpec block = new BlockSpec(attention, experts, new Residual.PreNorm(norm));
    return dims.model("minimax_m2", dims.layers(block), norm);
  }

  /** Rows of queries and keys are stored as published, which pairs neighbours. */
  static ModelSpec llama4(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf, "attention.temperature_scale");
    Norm norm = GgufParts.norm(gguf);
    FeedForward dense = new GatedMlp(gguf.integer("feed_forward_length"), Gating.SWIGLU, false);
    MixtureOfExperts sparse = llama4Experts(gguf);
    GroupedQueryAttention attention = GgufParts.attention(gguf, dims, Position.NONE);
    GroupedQueryAttention global = attention.withTemperature(llama4Temperature(gguf));
    Norm weightless = new Norm.Rms(((Norm.Rms) norm).epsilon(), Norm.Gain.NONE);
    GroupedQueryAttention local =
        attention
            .withPosition(GgufParts.rotary(gguf, dims.headDim(), Pairing.NEIGHBOURS))
            .withSpan(new Span.Chunked(gguf.integer("attention.sliding_window", LLAMA4_CONTEXT)))
            .withQkNorm(
                sparse.numExperts() == MAVERICK_EXPERTS
                    ? QkNorm.NONE
                    : new QkNorm.Rotated(weightless));
    int step = gguf.positive("interleave_moe_layer_step");
    Residual residual = new Residual.PreNorm(norm);
    List<BlockSpec> blocks =
        dims.layers(i ->
            new BlockSpec(
                (i + 1) % LLAMA4_NOPE_INTERVAL == 0 ? global : local,
                (i + 1) % step == 0 ? sparse : dense,
                residual));
    return dims.model("llama4_text", blocks, norm);
  }

  private static Temperature llama4Temperature(GgufMetadata gguf) {
    return new Temperature.Logarithmic(
        gguf.number("attention.temperature_scale", LLAMA4_TEMPERATURE),
        gguf.integer("attention.temperature_length", LLAMA4_CONTEXT),
        1);
  }

  private static MixtureOfExperts llama4Experts(GgufMetadata gguf) {
    GatedMlp expert = new GatedMlp(GgufParts.expertSize(gguf), Gating.SWIGLU, false);
    Router router =
        new Router(
            gguf.integer("expert_used_count"),
            Router.Scoring.SIGMOID,
            false,
            false,
            Router.Groups.NONE,
            false,
            1);
    return new MixtureOfExperts(
        gguf.integer("expert_count"),
        router,
        expert,
        Optional.of(expert),
        false,
        MixtureOfExperts.Weighting.INPUT);
  }
}
