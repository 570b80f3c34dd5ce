package dev.jandaia.family;

import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a GGUF file of a model contains, apart from its tokenizer. The plan has been read back and
 * describes the same model, so a file written from it does too.
 *
 * @param metadata values by key, in order: Long for u32, Double for f32, String
 * @param tensors every tensor, in order
 */
public record GgufExport(Map<String, Object> metadata, List<PlannedTensor> tensors) {
  private static final Map<String, String> ARCHITECTURES =
      Map.ofEntries(
          Map.entry("llama", "llama"),
          Map.entry("mistral", "llama"),
          Map.entry("mixtral", "llama"),
          Map.entry("qwen2", "qwen2"),
          Map.entry("qwen3", "qwen3"),
          Map.entry("qwen3_moe", "qwen3moe"),
          Map.entry("gemma", "gemma"),
          Map.entry("gemma2", "gemma2"),
          Map.entry("gemma3_text", "gemma3"),
          Map.entry("olmo2", "olmo2"),
          Map.entry("gpt2", "gpt2"));

  /**
   * Plans the file of a model.
   *
   * @throws JandaiaException if no GGUF architecture that we write expresses the model; the message
   *     names the first difference
   */
  public static GgufExport of(ModelSpec spec) {
    String architecture = ARCHITECTURES.get(spec.family());
    if (architecture == null) {
      throw new JandaiaException(
          "family %s: expected one that can be written as GGUF (%s)"
              .formatted(
                  spec.family(),
                  String.join(", ", ARCHITECTURES.keySet().stream().sorted().toList())));
    }
    Map<String, Object> metadata = GgufKeys.of(CommonForm.of(spec), architecture);
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    List<PlannedTensor> tensors = new ArrayList<>(constants(CommonForm.of(spec)));
    tensors.forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
    Parameters.of(spec).stream()
        .map(parameter -> view(spec, parameter))
        .forEach(view -> shapes.put(view.tensor(), view.storedShape()));
    ModelSpec stored = GgufFamilies.spec(header(metadata, shapes, tensors));
    Restatement restatement = Restatement.of("GGUF architecture " + architecture, spec, stored);
    tensors.addAll(filled(spec, shapes, restatement));
    return new GgufExport(metadata, tensors);
  }

  /** The header that the file will have. */
  private static GgufModel header(
      Map<String, Object> metadata, Map<String, List<Long>> shapes, List<PlannedTensor> constants) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (PlannedTensor tensor : constants) {
      if (tensor instanceof PlannedTensor.Constant constant) {
        values.put(constant.name(), constant.floats());
      }
    }
    return new GgufModel(
        "export",
        GgufMetadata.rounded(metadata),
        shapes,
        name -> Optional.ofNullable(values.get(name)));
  }

  private static TensorView view(ModelSpec spec, ParameterSpec parameter) {
    return GgufNames.locate(spec, parameter)
        .orElseThrow(() -> new JandaiaException(parameter.path() + ": has no name in GGUF files"));
  }

  private static List<PlannedTensor> filled(
      ModelSpec spec, Map<String, List<Long>> shapes, Restatement restatement) {
    Map<String, List<PlannedTensor.Source>> sources = new LinkedHashMap<>();
    for (ParameterSpec parameter : Parameters.of(spec)) {
      TensorView view = view(spec, parameter);
      sources
          .computeIfAbsent(view.tensor(), name -> new ArrayList<>())
          .add(restatement.source(parameter, view));
    }
    List<PlannedTensor> tensors = new ArrayList<>();
    sources.forEach(
        (name, parts) -> tensors.add(new PlannedTensor.Filled(name, shapes.get(name), parts)));
    return tensors;
  }

  /** Divisors of RoPE's frequencies. */
  private static List<PlannedTensor> constants(ModelSpec spec) {
    return new SpecLayers(spec)
        .mixers(GroupedQueryAttention.class)
        .map(GroupedQueryAttention::position)
        .filter(Position.Rotary.class::isInstance)
        .map(position -> ((Position.Rotary) position).scaling())
        .filter(RopeScaling.Divisors.class::isInstance)
        .map(scaling -> ((RopeScaling.Divisors) scaling).divisors())
        .findFirst()
        .map(divisors -> divisors.stream().map(Double::floatValue).toList())
        .<List<PlannedTensor>>map(
            values -> List.of(new PlannedTensor.Constant("rope_freqs.weight", values)))
        .orElse(List.of());
  }
}
