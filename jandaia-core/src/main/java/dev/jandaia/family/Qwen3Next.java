package dev.jandaia.family;

import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * Qwen3-Next: Gated DeltaNet (2412.06464) and gated attention (2505.06708) in turn, over many small
 * experts; a module for multi-token prediction, of which the published config says nothing.
 */
final class Qwen3Next implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.ofEntries(
          Map.entry("intermediate_size", 5632),
          Map.entry("decoder_sparse_step", 1),
          Map.entry("moe_intermediate_size", 512),
          Map.entry("shared_expert_intermediate_size", 512),
          Map.entry("num_experts_per_tok", 10),
          Map.entry("num_nextn_predict_layers", 1),
          Map.entry("num_experts", 512));

  @Override
  public String name() {
    return "qwen3_next";
  }

  @Override
  public String architecture() {
    return "Qwen3NextForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(QwenHybrid.DEFAULTS).withDefaults(DEFAULTS);
    FeedForward dense = GatedMlps.read(config, "intermediate_size");
    boolean anySparse = config.integer("num_experts") > 0;
    FeedForward sparse =
        anySparse ? QwenHybrid.experts(config, config.flag("norm_topk_prob", true)) : dense;
    IntPredicate isSparse = sparseLayers(config);
    return QwenHybrid.withPrediction(
        config,
        "num_nextn_predict_layers",
        QwenHybrid.spec(name(), config, i -> isSparse.test(i) ? sparse : dense));
  }

  /** Every {@code decoder_sparse_step}-th layer but those in {@code mlp_only_layers}. */
  private static IntPredicate sparseLayers(Config config) {
    List<Integer> dense = config.integers("mlp_only_layers").orElse(List.of());
    int step = config.positive("decoder_sparse_step");
    return layer -> !dense.contains(layer) && (layer + 1) % step == 0;
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    QwenHybrid.write(spec, config);
    config.predictions(spec, "num_nextn_predict_layers");
    config
        .mlp(layers.denseOrExpert(), "intermediate_size")
        .put("decoder_sparse_step", 1)
        .putIntegers("mlp_only_layers", layers.denseLayers());
    layers
        .sparse()
        .ifPresent(experts -> config.put("norm_topk_prob", experts.router().renormalise()));
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return QwenHybridTensors.locate(spec, parameter, true)
        .or(() -> QwenHybrid.NAMES.locate(parameter));
  }

  @Override
  public List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    return Stream.concat(
            locate(spec, parameter).stream(), ExpertStacks.MLP.locate(spec, parameter).stream())
        .toList();
  }

  @Override
  public List<TensorView> predictionCandidates(ModelSpec spec, ParameterSpec parameter) {
    return PredictionNames.BESIDE.candidates(this, spec, parameter);
  }

  @Override
  public boolean isSurplus(ModelSpec spec, String tensor) {
    return Family.super.isSurplus(spec, tensor) || QwenHybrid.isSurplus(tensor);
  }
}
