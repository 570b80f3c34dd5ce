package dev.jandaia.family;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import java.util.List;
import java.util.Optional;

/** GGUF architectures gpt2, olmo2 and gpt-oss. */
final class GgufOthers {
  private GgufOthers() {}

  static ModelSpec gpt2(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    Norm norm = new Norm.Layer(gguf.number("attention.layer_norm_epsilon"), true);
    GroupedQueryAttention attention = dims.attention(Position.NONE).withBias(true, true);
    Mlp mlp = new Mlp(gguf.integer("feed_forward_length"), Activation.GELU_TANH, true);
    BlockSpec block = new BlockSpec(attention, mlp, new Residual.PreNorm(norm));
    Embedding embedding = new Embedding(1, gguf.rows("position_embd.weight"), Norm.NONE);
    return dims.model("gpt2", embedding, dims.layers(block), norm, Head.of(dims.tied()));
  }

  static ModelSpec olmo2(GgufMetadata gguf) {
    // With windows this architecture is OLMo 3, whose sliding layers leave RoPE unstretched.
    if (gguf.has("attention.sliding_window")) {
      return olmo3(gguf);
    }
    Dimensions dims = GgufParts.dimensions(gguf);
    Norm norm = GgufParts.norm(gguf);
    GroupedQueryAttention attention =
        GgufParts.attention(gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES))
            .withQkNorm(new QkNorm.Whole(norm));
    BlockSpec block =
        new BlockSpec(
            attention, GgufParts.feedForward(gguf, 0, false), new Residual.PostNorm(norm));
    return dims.model("olmo2", dims.layers(block), norm);
  }

  private static ModelSpec olmo3(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    Norm norm = GgufParts.norm(gguf);
    Position.Rotary global = GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES);
    Position local =
        new Position.Rotary(global.theta(), global.rotaryDim(), global.pairing(), RopeScaling.NONE);
    GroupedQueryAttention attention =
        GgufParts.attention(gguf, dims, global).withQkNorm(new QkNorm.Whole(norm));
    FeedForward mlp = GgufParts.feedForward(gguf, 0, false);
    Residual residual = new Residual.PostNorm(norm);
    List<BlockSpec> blocks =
        dims.layers(i ->
            new BlockSpec(
                GgufParts.slides(gguf, i, 4)
                    ? attention.withPosition(local).withSpan(GgufParts.window(gguf))
                    : attention,
                mlp,
                residual));
    return dims.model("olmo3", blocks, norm);
  }

  static ModelSpec gptOss(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    Norm norm = GgufParts.norm(gguf);
    GroupedQueryAttention attention =
        GgufParts.attention(
                gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES, false))
            .withSinks();
    Router router =
        new Router(
            gguf.integer("expert_used_count"),
            Router.Scoring.SOFTMAX_OF_CHOSEN,
            true,
            false,
            Router.Groups.NONE,
            false,
            1);
    GatedMlp expert = new GatedMlp(GgufParts.expertSize(gguf), new Gating.Clamped(1.702, 7), true);
    FeedForward experts =
        new MixtureOfExperts(gguf.integer("expert_count"), router, expert, Optional.empty());
    Residual residual = new Residual.PreNorm(norm);
    List<BlockSpec> blocks =
        dims.layers(i -> {
          Span span = GgufParts.slides(gguf, i, 2) ? GgufParts.window(gguf) : Span.FULL;
          return new BlockSpec(attention.withSpan(span), experts, residual);
        });
    return dims.model("gpt_oss", blocks, norm);
  }
}
