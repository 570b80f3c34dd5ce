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
 * @param metadata values by key, in order: Long for u32, Double for f32, Boolean, String, and
 *     boolean[] and long[]
 * @param tensors every tensor, in order
 */
public record GgufExport(Map<String, Object> metadata, List<PlannedTensor> tensors) {
  /**
   * Plans the file of a model.
   *
   * @throws JandaiaException if no GGUF architecture that we write expresses the model; the message
   *     names the first difference
   */
  public static GgufExport of(ModelSpec whole) {
    String architecture =
        GgufArchitectures.of(whole.family())
            .orElseThrow(() ->
                new JandaiaException(
                    "family %s: expected one that can be written as GGUF (%s)"
                        .formatted(
                            whole.family(), String.join(", ", GgufArchitectures.families()))));
    ModelSpec spec = GgufPredictions.holdable(whole, architecture);
    Map<String, Object> metadata = GgufKeys.of(CommonForm.of(spec), architecture);
    spec.prediction()
        .ifPresent(modules -> {
          metadata.put(
              architecture + ".block_count", (long) spec.numLayers() + modules.numModules());
          metadata.put(architecture + "." + GgufPredictions.COUNT, (long) modules.numModules());
        });
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    List<PlannedTensor> tensors = new ArrayList<>(constants(CommonForm.of(spec)));
    tensors.forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
    for (ParameterSpec parameter : parameters(spec)) {
      for (GgufNames.Piece piece : pieces(spec, parameter)) {
        shapes.put(piece.view().tensor(), piece.view().storedShape());
      }
    }
    ModelSpec stored = GgufFamilies.spec(header(metadata, shapes, tensors));
    Restatement restatement = Restatement.of("GGUF architecture " + architecture, spec, stored);
    if (stored.prediction().isPresent() != spec.prediction().isPresent()) {
      throw new JandaiaException(
          "GGUF architecture %s: expected modules for further tokens like those of this %s"
              .formatted(architecture, spec.family()));
    }
    tensors.addAll(filled(spec, shapes, restatement));
    tensors.addAll(unused(spec, architecture));
    return new GgufExport(metadata, tensors);
  }

  /** Whether the modules for further tokens are in the file. */
  public boolean hasPrediction() {
    return metadata.keySet().stream().anyMatch(key -> key.endsWith("." + GgufPredictions.COUNT));
  }

  /** Those of the model, then those of its modules for further tokens. */
  private static List<ParameterSpec> parameters(ModelSpec spec) {
    List<ParameterSpec> all = new ArrayList<>(Parameters.of(spec));
    all.addAll(Parameters.ofPrediction(spec));
    return all;
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

  /** Where the pieces of a parameter go: all of it to one place, for nearly all. */
  private static List<GgufNames.Piece> pieces(ModelSpec spec, ParameterSpec parameter) {
    List<GgufNames.Piece> pieces = GgufNames.pieces(spec, parameter);
    if (!pieces.isEmpty()) {
      return pieces;
    }
    TensorView view =
        GgufNames.locate(spec, parameter)
            .orElseThrow(
                () -> new JandaiaException(parameter.path() + ": has no name in GGUF files"));
    return List.of(GgufNames.Piece.whole(parameter, view));
  }

  private static List<PlannedTensor> filled(
      ModelSpec spec, Map<String, List<Long>> shapes, Restatement restatement) {
    Map<String, List<PlannedTensor.Source>> sources = new LinkedHashMap<>();
    for (ParameterSpec parameter : parameters(spec)) {
      for (GgufNames.Piece piece : pieces(spec, parameter)) {
        sources
            .computeIfAbsent(piece.view().tensor(), name -> new ArrayList<>())
            .add(
                restatement
                    .source(parameter, piece.view())
                    .piece(piece)
                    .changed(GgufNames.change(parameter)));
      }
    }
    List<PlannedTensor> tensors = new ArrayList<>();
    sources.forEach(
        (name, parts) -> tensors.add(new PlannedTensor.Filled(name, shapes.get(name), parts)));
    return tensors;
  }

  /** Keys and values that other readers of Gemma 3n want of layers which use those of others. */
  private static List<PlannedTensor> unused(ModelSpec spec, String architecture) {
    List<PlannedTensor> zeros = new ArrayList<>();
    for (int i = 0; i < spec.numLayers(); i++) {
      if (architecture.equals("gemma3n")
          && GgufNames.readsOthers(spec, i)
          && spec.blocks().get(i).mixer() instanceof GroupedQueryAttention attention) {
        String block = "blk." + i + ".";
        List<Long> matrix = List.of((long) attention.keyValueWidth(), (long) spec.hiddenSize());
        zeros.add(new PlannedTensor.Filled(block + "attn_k.weight", matrix, List.of()));
        zeros.add(new PlannedTensor.Filled(block + "attn_v.weight", matrix, List.of()));
        List<Long> head = List.of((long) attention.headDim());
        zeros.add(new PlannedTensor.Filled(block + "attn_k_norm.weight", head, List.of()));
      }
    }
    return zeros;
  }

  /** What RoPE's frequencies are divided by. */
  private static List<PlannedTensor> constants(ModelSpec spec) {
    List<RopeScaling> scalings =
        new SpecLayers(spec)
            .mixers(GroupedQueryAttention.class)
            .map(GroupedQueryAttention::position)
            .filter(Position.Rotary.class::isInstance)
            .map(position -> ((Position.Rotary) position).scaling())
            .toList();
    for (RopeScaling scaling : scalings) {
      if (scaling instanceof RopeScaling.Divisors(List<Double> divisors)) {
        return List.of(constant("rope_freqs.weight", divisors));
      }
      if (scaling instanceof RopeScaling.LongRope rule) {
        return List.of(
            constant("rope_factors_long.weight", rule.longFactors()),
            constant("rope_factors_short.weight", rule.shortFactors()));
      }
    }
    return List.of();
  }

  private static PlannedTensor constant(String name, List<Double> values) {
    return new PlannedTensor.Constant(name, values.stream().map(Double::floatValue).toList());
  }
}
