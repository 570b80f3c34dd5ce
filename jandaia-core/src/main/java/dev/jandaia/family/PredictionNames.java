package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.TokenPrediction;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where checkpoints keep the modules that foresee further tokens: layers named like those of the
 * model, and a few tensors around them. Copies of the embedding and of the head that some
 * checkpoints keep with them are written but not read: the modules share the model's.
 */
enum PredictionNames {
  /** DeepSeek-V3, GLM-4.5: one layer more than the model has, with the rest inside it. */
  LAYERS_BEYOND {
    @Override
    String layer(ModelSpec spec, int module) {
      return "model.layers." + (spec.numLayers() + module) + ".";
    }

    @Override
    String around(ModelSpec spec, int module, String path) {
      return layer(spec, module)
          + switch (path) {
            case "embeddingNorm.weight" -> "enorm.weight";
            case "hiddenNorm.weight" -> "hnorm.weight";
            case "projection.weight" -> "eh_proj.weight";
            default -> "shared_head.norm.weight";
          };
    }

    @Override
    Map<String, String> copies(ModelSpec spec) {
      String tokens = "embedding.tokens.weight";
      Map<String, String> copies = new LinkedHashMap<>();
      for (int i = 0; i < spec.prediction().map(TokenPrediction::numModules).orElse(0); i++) {
        copies.put(layer(spec, i) + "embed_tokens.weight", tokens);
        copies.put(
            layer(spec, i) + "shared_head.head.weight",
            spec.head().tied() ? tokens : "head.weight");
      }
      return copies;
    }
  },

  /** Qwen3-Next, Qwen3.5: one module beside the model. */
  BESIDE {
    @Override
    String layer(ModelSpec spec, int module) {
      return "mtp.layers." + module + ".";
    }

    @Override
    String around(ModelSpec spec, int module, String path) {
      return switch (path) {
        case "embeddingNorm.weight" -> "mtp.pre_fc_norm_embedding.weight";
        case "hiddenNorm.weight" -> "mtp.pre_fc_norm_hidden.weight";
        case "projection.weight" -> "mtp.fc.weight";
        default -> "mtp.norm.weight";
      };
    }
  },

  /** DeepSeek-V4: modules beside the model, each its layer and the rest inside it. */
  CONNECTED {
    @Override
    String layer(ModelSpec spec, int module) {
      return "mtp." + module + ".";
    }

    @Override
    String around(ModelSpec spec, int module, String path) {
      return layer(spec, module)
          + switch (path) {
            case "embeddingNorm.weight" -> "enorm.weight";
            case "hiddenNorm.weight" -> "hnorm.weight";
            case "embeddingProjection.weight" -> "e_proj.weight";
            case "hiddenProjection.weight" -> "h_proj.weight";
            case "streams.collapse.coefficients.weight" -> "hc_head_fn";
            case "streams.collapse.scale" -> "hc_head_scale";
            case "streams.collapse.base" -> "hc_head_base";
            default -> "norm.weight";
          };
    }
  };

  private static final Pattern PATH = Pattern.compile("prediction\\.(\\d+)\\.(.+)");
  private static final Pattern OWN_LAYER = Pattern.compile("^(model\\.)?layers\\.0\\.");

  /** Start of the names of a module's layer. */
  abstract String layer(ModelSpec spec, int module);

  /** The tensor of a part around the layer, by its path within the module. */
  abstract String around(ModelSpec spec, int module, String path);

  /** Parameters of the model that each module keeps once more: paths by names of tensors. */
  Map<String, String> copies(ModelSpec spec) {
    return Map.of();
  }

  /**
   * {@code spec} with as many modules as a config says, each with a layer like the last that has
   * attention.
   */
  static ModelSpec addTo(ModelSpec spec, int modules) {
    Optional<BlockSpec> like =
        spec.blocks().reversed().stream()
            .filter(block ->
                block.mixer() instanceof GroupedQueryAttention
                    || block.mixer() instanceof LatentAttention)
            .findFirst();
    return modules == 0 || like.isEmpty()
        ? spec
        : spec.withPrediction(new TokenPrediction(modules, like.get(), spec.finalNorm()));
  }

  /** Every place where a family's checkpoints keep a parameter of a module. */
  List<TensorView> candidates(Family family, ModelSpec spec, ParameterSpec parameter) {
    Matcher path = PATH.matcher(parameter.path());
    if (!path.matches()) {
      return List.of();
    }
    int module = Integer.parseInt(path.group(1));
    if (!path.group(2).startsWith("blocks.0.")) {
      String name = around(spec, module, path.group(2));
      return List.of(TensorView.whole(name, parameter.shape()));
    }
    ParameterSpec inLayer = parameter.at(path.group(2));
    return family.candidates(spec.predictionModule(), inLayer).stream()
        .filter(view -> OWN_LAYER.matcher(view.tensor()).find())
        .map(view ->
            view.renamed(OWN_LAYER.matcher(view.tensor()).replaceFirst(layer(spec, module))))
        .toList();
  }
}
