package dev.jandaia.family;

import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.spec.json.SpecDiff;
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
public record GgufExport(Map<String, Object> metadata, List<GgufTensor> tensors) {
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
    ModelSpec stored = GgufForm.of(spec, architecture);
    Map<String, Object> metadata = GgufKeys.of(stored, architecture);
    GgufExport export = new GgufExport(metadata, tensors(spec, stored));
    ModelSpec readBack = GgufFamilies.spec(export.asModel());
    SpecDiff.first(stored, readBack)
        .ifPresent(difference -> {
          throw new JandaiaException(
              "GGUF architecture %s cannot express this %s (asked, possible): %s"
                  .formatted(architecture, spec.family(), difference));
        });
    return export;
  }

  /** The header that a file written from this plan has. */
  GgufModel asModel() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    Map<String, float[]> constants = new LinkedHashMap<>();
    for (GgufTensor tensor : tensors) {
      shapes.put(tensor.name(), tensor.shape());
      if (tensor instanceof GgufTensor.Constant constant) {
        constants.put(tensor.name(), constant.floats());
      }
    }
    return new GgufModel(
        "export",
        GgufMetadata.rounded(metadata),
        shapes,
        name -> Optional.ofNullable(constants.get(name)));
  }

  private static List<GgufTensor> tensors(ModelSpec spec, ModelSpec stored) {
    Map<String, List<GgufTensor.Source>> sources = new LinkedHashMap<>();
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (ParameterSpec parameter : Parameters.of(spec)) {
      TensorView view =
          GgufNames.locate(spec, parameter)
              .orElseThrow(
                  () -> new JandaiaException(parameter.path() + ": has no name in GGUF files"));
      shapes.put(view.tensor(), view.storedShape());
      sources
          .computeIfAbsent(view.tensor(), name -> new ArrayList<>())
          .add(source(spec, stored, parameter, view));
    }
    List<GgufTensor> tensors = new ArrayList<>();
    divisors(stored)
        .ifPresent(values -> tensors.add(new GgufTensor.Constant("rope_freqs.weight", values)));
    sources.forEach(
        (name, parts) -> tensors.add(new GgufTensor.Filled(name, shapes.get(name), parts)));
    return tensors;
  }

  private static GgufTensor.Source source(
      ModelSpec spec, ModelSpec stored, ParameterSpec parameter, TensorView view) {
    boolean gain = parameter.path().matches(".*[nN]orm\\.weight");
    return new GgufTensor.Source(
        parameter, view, reorderedHead(spec, stored, parameter), gain && isCentred(spec) ? 1 : 0);
  }

  /** Elements per head of queries and keys whose pairing changes on the way; else 0. */
  private static int reorderedHead(ModelSpec spec, ModelSpec stored, ParameterSpec parameter) {
    if (!parameter.path().matches("blocks\\.\\d+\\.mixer\\.(query|key)\\.(weight|bias)")) {
      return 0;
    }
    int layer = Integer.parseInt(parameter.path().split("\\.")[1]);
    return pairing(spec, layer).equals(pairing(stored, layer))
        ? 0
        : ((GroupedQueryAttention) spec.blocks().get(layer).mixer()).headDim();
  }

  private static Optional<Pairing> pairing(ModelSpec spec, int layer) {
    return spec.blocks().get(layer).mixer() instanceof GroupedQueryAttention attention
            && attention.position() instanceof Position.Rotary rotary
        ? Optional.of(rotary.pairing())
        : Optional.empty();
  }

  private static boolean isCentred(ModelSpec spec) {
    return spec.finalNorm() instanceof Norm.Rms(_, Norm.Gain gain)
        && gain == Norm.Gain.ONE_PLUS_WEIGHT;
  }

  private static Optional<List<Float>> divisors(ModelSpec stored) {
    return stored.blocks().stream()
        .map(block -> block.mixer())
        .filter(GroupedQueryAttention.class::isInstance)
        .map(mixer -> ((GroupedQueryAttention) mixer).position())
        .filter(Position.Rotary.class::isInstance)
        .map(position -> ((Position.Rotary) position).scaling())
        .filter(RopeScaling.Divisors.class::isInstance)
        .map(scaling -> ((RopeScaling.Divisors) scaling).divisors())
        .findFirst()
        .map(divisors -> divisors.stream().map(Double::floatValue).toList());
  }
}
