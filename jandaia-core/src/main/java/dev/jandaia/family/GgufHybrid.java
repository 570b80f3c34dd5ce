package dev.jandaia.family;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import java.util.Optional;

/** GGUF architectures with linear attention: qwen3next, qwen35, qwen35moe and kimi-linear. */
final class GgufHybrid {
  private GgufHybrid() {}

  /** 1 has been added to the weights of norms, but for those inside Gated DeltaNet. */
  static ModelSpec qwen3Next(GgufMetadata gguf) {
    return qwen("qwen3_next", gguf);
  }

  /** As Qwen3-Next, under names of its own; text has the same position on all axes of its RoPE. */
  static ModelSpec qwen35(GgufMetadata gguf) {
    return qwen("qwen3_5_text", gguf);
  }

  static ModelSpec qwen35Moe(GgufMetadata gguf) {
    return qwen("qwen3_5_moe_text", gguf);
  }

  private static ModelSpec qwen(String family, GgufMetadata gguf) {
    Dimensions dims = GgufParts.withoutPredictions(gguf, GgufParts.dimensions(gguf));
    Norm norm = GgufParts.norm(gguf);
    Mixer attention =
        GgufParts.attention(gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES))
            .withQkNorm(new QkNorm.PerHead(norm))
            .withOutputGate();
    int valueHeads = gguf.positive("ssm.time_step_rank");
    Mixer delta =
        new GatedDeltaNet(
            gguf.integer("ssm.group_count"),
            valueHeads,
            gguf.integer("ssm.state_size"),
            gguf.integer("ssm.inner_size") / valueHeads,
            gguf.integer("ssm.conv_kernel"),
            Activation.SILU,
            norm);
    Optional<boolean[]> recurrent = gguf.flags("attention.recurrent_layers", dims.numLayers());
    int interval = gguf.integer("full_attention_interval", 4);
    Residual residual = new Residual.PreNorm(norm);
    return dims.model(
        family,
        dims.layers(i ->
            new BlockSpec(
                recurrent.map(flags -> flags[i]).orElse((i + 1) % interval != 0)
                    ? delta
                    : attention,
                qwenFeedForward(gguf, i),
                residual)),
        norm);
  }

  private static FeedForward qwenFeedForward(GgufMetadata gguf, int layer) {
    if (!gguf.hasTensor("blk." + layer + ".ffn_gate_inp.weight")) {
      return new GatedMlp(gguf.integer("feed_forward_length"), Gating.SWIGLU, false);
    }
    Router router =
        new Router(
            gguf.integer("expert_used_count"),
            Router.Scoring.SOFTMAX,
            false,
            false,
            Router.Groups.NONE,
            true,
            1);
    int shared = gguf.integer("expert_shared_feed_forward_length");
    return new MixtureOfExperts(
        gguf.integer("expert_count"),
        router,
        new GatedMlp(GgufParts.expertSize(gguf), Gating.SWIGLU, false),
        Optional.of(new GatedMlp(shared, Gating.SWIGLU, false)),
        true,
        MixtureOfExperts.Weighting.OUTPUT);
  }

  /** Layers without key heads are linear; the others have latent attention without positions. */
  static ModelSpec kimiLinear(GgufMetadata gguf) {
    int numLayers = gguf.positive("block_count");
    long[] keyHeads = gguf.integers("attention.head_count_kv", numLayers);
    int heads = gguf.positive("attention.head_count");
    Norm norm = GgufParts.norm(gguf);
    Dimensions dims =
        new Dimensions(
            gguf.rows("token_embd.weight"),
            gguf.integer("embedding_length"),
            numLayers,
            heads,
            heads,
            1,
            gguf.integer("context_length"),
            !gguf.hasTensor("output.weight"));
    Mixer latent = latent(gguf, heads);
    Mixer delta =
        new KimiDeltaAttention(
            heads,
            gguf.integer("kda.head_dim"),
            gguf.integer("ssm.conv_kernel"),
            Activation.SILU,
            norm);
    FeedForward dense = new GatedMlp(gguf.integer("feed_forward_length"), Gating.SWIGLU, false);
    FeedForward sparse = GgufParts.balancedExperts(gguf);
    int firstSparse = gguf.integer("leading_dense_block_count", 0);
    Residual residual = new Residual.PreNorm(norm);
    return dims.model(
        "kimi_linear",
        dims.layers(i ->
            new BlockSpec(
                keyHeads[i] == 0 ? delta : latent, i < firstSparse ? dense : sparse, residual)),
        norm);
  }

  private static LatentAttention latent(GgufMetadata gguf, int heads) {
    int ropeDim = gguf.integer("rope.dimension_count");
    int queryKeyDim = gguf.integer("attention.key_length_mla");
    return new LatentAttention(
        heads,
        gguf.integer("attention.q_lora_rank", 0),
        gguf.integer("attention.kv_lora_rank"),
        queryKeyDim - ropeDim,
        ropeDim,
        gguf.integer("attention.value_length_mla"),
        false,
        false,
        Norm.Rms.of(Deepseek.LATENT_EPSILON),
        Position.NONE,
        Span.FULL,
        1 / Math.sqrt(queryKeyDim));
  }
}
