package dev.jandaia.family;

import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Qwen3.5 with experts on every layer; their weights always sum to one. */
final class Qwen35Moe implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "moe_intermediate_size",
          512,
          "shared_expert_intermediate_size",
          512,
          "num_experts_per_tok",
          8,
          "num_experts",
          256);

  @Override
  public String name() {
    return "qwen3_5_moe_text";
  }

  @Override
  public String architecture() {
    return "Qwen3_5MoeForCausalLM";
  }

  @Override
  public List<String> aliases() {
    return List.of("qwen3_5_moe");
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config =
        Multimodal.language(published).withDefaults(QwenHybrid.DEFAULTS).withDefaults(DEFAULTS);
    FeedForward sparse = QwenHybrid.experts(config, true);
    return QwenHybrid.withPrediction(
        config, "mtp_num_hidden_layers", QwenHybrid.spec(name(), config, _ -> sparse));
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    QwenHybrid.write(spec, config);
    config.predictions(spec, "mtp_num_hidden_layers");
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return QwenHybridTensors.locate(spec, parameter, false)
        .or(() -> QwenHybrid.NAMES.locate(parameter));
  }

  @Override
  public List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    return Stream.of(locate(spec, parameter), ExpertStacks.MLP.locate(spec, parameter))
        .flatMap(view -> Multimodal.candidates(view).stream())
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
