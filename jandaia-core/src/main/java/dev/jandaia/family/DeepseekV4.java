package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.HyperConnections;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.TokenPrediction;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * DeepSeek-V4: hyper-connected residual streams, attention to a window and to compressed entries
 * (see {@link DeepseekV4Attention}), and experts on every layer, which the first layers look up by
 * token (see {@link DeepseekV4Experts}); modules for multi-token prediction.
 */
final class DeepseekV4 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("vocab_size", 129_280),
          Map.entry("hidden_size", 4096),
          Map.entry("num_hidden_layers", 43),
          Map.entry("num_attention_heads", 64),
          Map.entry("num_key_value_heads", 1),
          Map.entry("head_dim", 512),
          Map.entry("q_lora_rank", 1024),
          Map.entry("sliding_window", 128),
          Map.entry("o_groups", 8),
          Map.entry("o_lora_rank", 1024),
          Map.entry("index_n_heads", 64),
          Map.entry("index_head_dim", 128),
          Map.entry("index_topk", 512),
          Map.entry("rope_theta", 10_000.0),
          Map.entry("compress_rope_theta", 160_000.0),
          Map.entry("max_position_embeddings", 1_048_576),
          Map.entry("rms_norm_eps", 1e-6),
          Map.entry("hidden_act", "silu"),
          Map.entry("swiglu_limit", 10.0),
          Map.entry("moe_intermediate_size", 2048),
          Map.entry("n_routed_experts", 256),
          Map.entry("num_experts_per_tok", 6),
          Map.entry("routed_scaling_factor", 1.5),
          Map.entry("scoring_func", "sqrtsoftplus"),
          Map.entry("hc_mult", 4),
          Map.entry("hc_sinkhorn_iters", 20),
          Map.entry("hc_eps", 1e-6));

  private static final HubNames NAMES =
      HubNames.EMPTY
          .with("embedding.tokens", "embed")
          .with("finalNorm", "norm")
          .with("head", "head")
          .with("streams.collapse.coefficients.weight", "hc_head_fn")
          .with("streams.collapse.scale", "hc_head_scale")
          .with("streams.collapse.base", "hc_head_base")
          .with("blocks.#.mixerStreams.coefficients.weight", "layers.#.hc_attn_fn")
          .with("blocks.#.mixerStreams.scale", "layers.#.hc_attn_scale")
          .with("blocks.#.mixerStreams.base", "layers.#.hc_attn_base")
          .with("blocks.#.feedForwardStreams.coefficients.weight", "layers.#.hc_ffn_fn")
          .with("blocks.#.feedForwardStreams.scale", "layers.#.hc_ffn_scale")
          .with("blocks.#.feedForwardStreams.base", "layers.#.hc_ffn_base")
          .with("blocks.#.mixerNorm", "layers.#.attn_norm")
          .with("blocks.#.feedForwardNorm", "layers.#.ffn_norm")
          .with("blocks.#.mixer.queryDown", "layers.#.attn.wq_a")
          .with("blocks.#.mixer.queryDownNorm", "layers.#.attn.q_norm")
          .with("blocks.#.mixer.queryUp", "layers.#.attn.wq_b")
          .with("blocks.#.mixer.key", "layers.#.attn.wkv")
          .with("blocks.#.mixer.keyNorm", "layers.#.attn.kv_norm")
          .with("blocks.#.mixer.compressor.value", "layers.#.attn.compressor.wkv")
          .with("blocks.#.mixer.compressor.gate", "layers.#.attn.compressor.wgate")
          .with("blocks.#.mixer.compressor.places", "layers.#.attn.compressor.ape")
          .with("blocks.#.mixer.compressor.norm", "layers.#.attn.compressor.norm")
          .with("blocks.#.mixer.indexer.query", "layers.#.attn.indexer.wq_b")
          .with("blocks.#.mixer.indexer.compressor.value", "layers.#.attn.indexer.compressor.wkv")
          .with("blocks.#.mixer.indexer.compressor.gate", "layers.#.attn.indexer.compressor.wgate")
          .with("blocks.#.mixer.indexer.compressor.places", "layers.#.attn.indexer.compressor.ape")
          .with("blocks.#.mixer.indexer.compressor.norm", "layers.#.attn.indexer.compressor.norm")
          .with("blocks.#.mixer.indexer.headWeights", "layers.#.attn.indexer.weights_proj")
          .with("blocks.#.mixer.sinks", "layers.#.attn.attn_sink")
          .with("blocks.#.mixer.outputDown", "layers.#.attn.wo_a")
          .with("blocks.#.mixer.output", "layers.#.attn.wo_b")
          .with("blocks.#.feedForward.router", "layers.#.ffn.gate")
          .with("blocks.#.feedForward.router.correction", "layers.#.ffn.gate.bias")
          .with("blocks.#.feedForward.router.experts", "layers.#.ffn.gate.tid2eid")
          .with("blocks.#.feedForward.experts.#.gate", "layers.#.ffn.experts.#.w1")
          .with("blocks.#.feedForward.experts.#.down", "layers.#.ffn.experts.#.w2")
          .with("blocks.#.feedForward.experts.#.up", "layers.#.ffn.experts.#.w3")
          .with("blocks.#.feedForward.shared.gate", "layers.#.ffn.shared_experts.w1")
          .with("blocks.#.feedForward.shared.down", "layers.#.ffn.shared_experts.w2")
          .with("blocks.#.feedForward.shared.up", "layers.#.ffn.shared_experts.w3");

  @Override
  public String name() {
    return "deepseek_v4";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    DeepseekV4Attention attention = DeepseekV4Attention.read(config);
    DeepseekV4Experts experts = DeepseekV4Experts.read(config);
    Residual residual = new Residual.HyperConnected(norm, streams(config));
    ModelSpec spec =
        dims.model(
            name(),
            dims.layers(i -> new BlockSpec(attention.layer(i), experts.layer(i), residual)),
            norm);
    int modules = config.integer("num_nextn_predict_layers", 0);
    return modules == 0
        ? spec
        : spec.withPrediction(
            new TokenPrediction(
                modules,
                new BlockSpec(attention.prediction(), experts.prediction(), residual),
                norm));
  }

  private static HyperConnections streams(Config config) {
    return new HyperConnections(
        config.positive("hc_mult"),
        new Norm.Rms(config.number("rms_norm_eps"), Norm.Gain.NONE),
        config.positive("hc_sinkhorn_iters"),
        config.number("hc_eps"));
  }

  @Override
  public String architecture() {
    return "DeepseekV4ForCausalLM";
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    config.sizes(spec).predictions(spec, "num_nextn_predict_layers");
    DeepseekV4Attention.write(spec, config);
    DeepseekV4Experts.write(spec, config);
    spec.hyperConnections()
        .ifPresent(wiring ->
            config
                .put("hc_mult", wiring.streams())
                .put("hc_sinkhorn_iters", wiring.iterations())
                .put("hc_eps", wiring.epsilon()));
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return NAMES.locate(parameter);
  }

  @Override
  public List<TensorView> predictionCandidates(ModelSpec spec, ParameterSpec parameter) {
    return PredictionNames.CONNECTED.candidates(this, spec, parameter);
  }

  /** Modules for multi-token prediction in files whose config denies them. */
  @Override
  public boolean isSurplus(ModelSpec spec, String tensor) {
    return Family.super.isSurplus(spec, tensor) || tensor.startsWith("mtp.");
  }
}
