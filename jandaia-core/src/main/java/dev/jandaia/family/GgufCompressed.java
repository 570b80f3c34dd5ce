package dev.jandaia.family;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.Compression;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.HyperConnections;
import dev.jandaia.spec.Indexer;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Router;
import java.util.Optional;

/**
 * GGUF architecture deepseek4. A ratio of 0 is a layer with a window alone; layers whose entries an
 * indexer chooses among are told by its tensors. YaRN belongs to the layers with entries, and does
 * not stretch cosines and sines.
 */
final class GgufCompressed {
  static final String RATIOS = "attention.compress_ratios";
  static final String ENTRY_THETA = "attention.compress_rope_freq_base";
  static final String OUTPUT_GROUPS = "attention.output_group_count";
  static final String OUTPUT_RANK = "attention.output_lora_rank";
  static final String STREAMS = "hyper_connection.count";
  static final String ITERATIONS = "hyper_connection.sinkhorn_iterations";
  static final String EPSILON = "hyper_connection.epsilon";
  static final String LIMIT = "swiglu_clamp_exp";
  static final String SHARED_LIMIT = "swiglu_clamp_shexp";

  private final GgufMetadata gguf;
  private final Dimensions dims;
  private final Norm.Rms norm;
  private final long[] ratios;
  private final double[] limits;
  private final double[] sharedLimits;

  private GgufCompressed(GgufMetadata gguf) {
    this.gguf = gguf;
    this.dims = GgufParts.withoutPredictions(gguf, GgufParts.dimensions(gguf));
    this.norm = (Norm.Rms) GgufParts.norm(gguf);
    this.ratios = gguf.atLeast(RATIOS, dims.numLayers());
    this.limits = gguf.numbers(LIMIT, dims.numLayers());
    this.sharedLimits =
        gguf.has(SHARED_LIMIT) ? gguf.numbers(SHARED_LIMIT, dims.numLayers()) : limits;
  }

  static ModelSpec deepseek4(GgufMetadata gguf) {
    GgufCompressed model = new GgufCompressed(gguf);
    HyperConnections wiring =
        new HyperConnections(
            gguf.positive(STREAMS),
            new Norm.Rms(model.norm.epsilon(), Norm.Gain.NONE),
            gguf.positive(ITERATIONS),
            gguf.number(EPSILON));
    Residual residual = new Residual.HyperConnected(model.norm, wiring);
    return model.dims.model(
        "deepseek_v4",
        model.dims.layers(i -> new BlockSpec(model.attention(i), model.experts(i), residual)),
        model.norm);
  }

  private CompressedAttention attention(int layer) {
    int headDim = dims.headDim();
    boolean alone = ratios[layer] == 0;
    Position.Rotary plain = GgufParts.rotary(gguf, headDim, Pairing.NEIGHBOURS);
    Position position =
        new Position.Rotary(
            alone ? plain.theta() : gguf.number(ENTRY_THETA),
            plain.rotaryDim(),
            Pairing.NEIGHBOURS,
            alone ? RopeScaling.NONE : unstretched(plain.scaling()));
    return new CompressedAttention(
        dims.numHeads(),
        headDim,
        gguf.positive("attention.q_lora_rank"),
        norm,
        new Norm.Rms(norm.epsilon(), Norm.Gain.NONE),
        position,
        gguf.positive("attention.sliding_window"),
        1 / Math.sqrt(headDim),
        gguf.positive(OUTPUT_GROUPS),
        gguf.positive(OUTPUT_RANK),
        alone ? Optional.empty() : Optional.of(compression(layer, position)));
  }

  private static RopeScaling unstretched(RopeScaling scaling) {
    return scaling instanceof RopeScaling.Yarn yarn
        ? new RopeScaling.Yarn(
            yarn.factor(),
            yarn.betaFast(),
            yarn.betaSlow(),
            yarn.originalContext(),
            1,
            yarn.truncate())
        : scaling;
  }

  private Compression compression(int layer, Position position) {
    int rate = Math.toIntExact(ratios[layer]);
    if (!gguf.hasTensor("blk." + layer + ".indexer.proj.weight")) {
      return new Compression(rate, false, norm, Optional.empty(), 0);
    }
    Indexer indexer =
        new Indexer(
            gguf.positive("attention.indexer.head_count"),
            gguf.positive("attention.indexer.key_length"),
            norm,
            position);
    return new Compression(
        rate, true, norm, Optional.of(indexer), gguf.positive("attention.indexer.top_k"));
  }

  private MixtureOfExperts experts(int layer) {
    boolean looked = gguf.hasTensor("blk." + layer + ".ffn_gate_tid2eid.weight");
    Router router =
        new Router(
            gguf.positive("expert_used_count"),
            Router.Scoring.SQRT_SOFTPLUS,
            false,
            !looked,
            Router.Groups.NONE,
            gguf.flag("expert_weights_norm", true),
            gguf.number("expert_weights_scale"));
    GatedMlp expert = expert(limits[layer]);
    return new MixtureOfExperts(
        gguf.positive("expert_count"),
        looked ? router.withTokenTable(new Router.TokenTable(dims.vocabSize())) : router,
        expert,
        Optional.of(expert(sharedLimits[layer])));
  }

  private GatedMlp expert(double limit) {
    return new GatedMlp(
        GgufParts.expertSize(gguf), new Gating.Bounded(Activation.SILU, limit), false);
  }
}
