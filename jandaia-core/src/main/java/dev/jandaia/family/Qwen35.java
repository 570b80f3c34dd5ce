package dev.jandaia.family;

import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Qwen3.5 without experts: the layers of Qwen3-Next, their projections in tensors of their own. Of
 * the models that also see images, only the language part; text has the same position on all three
 * axes of their RoPE.
 */
final class Qwen35 implements Family {
  @Override
  public String name() {
    return "qwen3_5_text";
  }

  @Override
  public String architecture() {
    return "Qwen3_5ForCausalLM";
  }

  @Override
  public List<String> aliases() {
    return List.of("qwen3_5");
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config =
        Multimodal.language(published)
            .withDefaults(QwenHybrid.DEFAULTS)
            .withDefaults(Map.of("intermediate_size", 12_288));
    FeedForward dense = GatedMlps.read(config, "intermediate_size");
    return QwenHybrid.withPrediction(
        config, "mtp_num_hidden_layers", QwenHybrid.spec(name(), config, _ -> dense));
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    QwenHybrid.write(spec, config);
    config.predictions(spec, "mtp_num_hidden_layers");
    config.mlp(new SpecLayers(spec).mlp(), "intermediate_size");
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return QwenHybridTensors.locate(spec, parameter, false)
        .or(() -> QwenHybrid.NAMES.locate(parameter));
  }

  @Override
  public List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    return Multimodal.candidates(locate(spec, parameter));
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
