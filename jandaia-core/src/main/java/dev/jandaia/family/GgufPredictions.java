package dev.jandaia.family;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The modules for further tokens in GGUF files: layers beyond the model's own, {@code block_count}
 * counting them too, with a few tensors more each. Copies of the embedding and of the head are not
 * read: the modules share the model's.
 */
final class GgufPredictions {
  static final String COUNT = "nextn_predict_layers";

  /** Architectures that have a place for them. */
  private static final Set<String> HOLDING =
      Set.of("deepseek2", "deepseek32", "glm4moe", "qwen3next", "qwen35", "qwen35moe");

  private static final Pattern PATH = Pattern.compile("prediction\\.(\\d+)\\.(.+)");
  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\..*");
  private static final String OWN_LAYER = "blk.0.";

  private GgufPredictions() {}

  /** {@code spec} as far as a file of this architecture can hold it. */
  static ModelSpec holdable(ModelSpec spec, String architecture) {
    return HOLDING.contains(architecture) ? spec : spec.withoutPrediction();
  }

  /** {@code spec} with the modules that a file has, if our specs of the architecture hold them. */
  static ModelSpec addTo(ModelSpec spec, String architecture, GgufMetadata gguf) {
    if (!HOLDING.contains(architecture)) {
      return spec;
    }
    int modules = gguf.integer(COUNT, 0);
    boolean present = gguf.hasTensor("blk.%d.nextn.eh_proj.weight".formatted(spec.numLayers()));
    return present ? PredictionNames.addTo(spec, modules) : spec;
  }

  /** Whether a tensor belongs to modules that the spec has not, or is a copy of the model's. */
  static boolean isSurplus(ModelSpec spec, String tensor) {
    Matcher layer = LAYER.matcher(tensor);
    return layer.matches()
        && Integer.parseInt(layer.group(1)) >= spec.numLayers()
        && (spec.prediction().isEmpty()
            || tensor.matches(".*\\.nextn\\.(embed_tokens|shared_head_head)\\.weight"));
  }

  static boolean isPart(ParameterSpec parameter) {
    return parameter.path().startsWith("prediction.");
  }

  /** Every place where files keep a parameter of a module. */
  static List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    Matcher path = matched(parameter);
    String layer = layer(spec, path);
    Optional<TensorView> around =
        switch (path.group(2)) {
          case "embeddingNorm.weight" -> Optional.of(whole(layer + "nextn.enorm", parameter));
          case "hiddenNorm.weight" -> Optional.of(whole(layer + "nextn.hnorm", parameter));
          case "projection.weight" -> Optional.of(whole(layer + "nextn.eh_proj", parameter));
          case "finalNorm.weight" ->
              Optional.of(whole(layer + "nextn.shared_head_norm", parameter));
          default -> Optional.empty();
        };
    if (around.isEmpty()) {
      return GgufNames.candidates(spec.predictionModule(), parameter.at(path.group(2))).stream()
          .map(view -> view.renamed(renamed(view, layer)))
          .toList();
    }
    List<TensorView> candidates = new ArrayList<>(List.of(around.get()));
    if (path.group(2).equals("finalNorm.weight")) {
      // without one of its own the model's
      candidates.add(whole("output_norm", parameter));
    }
    return candidates;
  }

  /** The pieces of a parameter of a module, where it is kept in pieces. */
  static List<GgufNames.Piece> pieces(ModelSpec spec, ParameterSpec parameter) {
    Matcher path = matched(parameter);
    String layer = layer(spec, path);
    Function<GgufNames.Piece, GgufNames.Piece> renamed =
        piece ->
            new GgufNames.Piece(
                piece.firstRow(),
                piece.rows(),
                piece.firstCol(),
                piece.cols(),
                piece.view().renamed(renamed(piece.view(), layer)));
    return path.group(2).startsWith("blocks.")
        ? GgufNames.pieces(spec.predictionModule(), parameter.at(path.group(2))).stream()
            .map(renamed)
            .toList()
        : List.of();
  }

  private static Matcher matched(ParameterSpec parameter) {
    Matcher path = PATH.matcher(parameter.path());
    if (!path.matches()) {
      throw new IllegalArgumentException(parameter.path() + ": not of a module");
    }
    return path;
  }

  private static String layer(ModelSpec spec, Matcher path) {
    return "blk." + (spec.numLayers() + Integer.parseInt(path.group(1))) + ".";
  }

  private static String renamed(TensorView view, String layer) {
    return layer + view.tensor().substring(OWN_LAYER.length());
  }

  private static TensorView whole(String stem, ParameterSpec parameter) {
    return TensorView.whole(stem + ".weight", parameter.shape());
  }
}
