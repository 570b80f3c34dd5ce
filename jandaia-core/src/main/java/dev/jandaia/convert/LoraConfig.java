package dev.jandaia.convert;

import dev.jandaia.family.Config;
import dev.jandaia.tensor.JandaiaException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/**
 * What {@code adapter_config.json} says of how an adapter enters the weights. Whatever would make
 * the plain formula wrong is refused.
 *
 * @param file names the file in errors
 * @param rank of matrices that no pattern names
 * @param alpha of matrices that no pattern names
 * @param ranks by pattern of module names
 * @param alphas by pattern of module names
 * @param rankStabilised whether the scale is α/√r (2312.03732) rather than α/r
 * @param magnitudes whether rows keep a learned length (DoRA, 2402.09353)
 * @param inputsFirst whether weights are stored {@code [in, out]}
 */
record LoraConfig(
    String file,
    int rank,
    double alpha,
    Map<Pattern, Double> ranks,
    Map<Pattern, Double> alphas,
    boolean rankStabilised,
    boolean magnitudes,
    boolean inputsFirst) {

  /** Fields that change the computation in ways that are not merged here. */
  private static final List<String> REFUSED =
      List.of(
          "alora_invocation_tokens",
          "layer_replication",
          "target_parameters",
          "trainable_token_indices",
          "use_bdlora",
          "monteclora_config",
          "velora_config",
          "kasa_config",
          "arrow_config");

  /** Starts that also change the base weights, of which the adapter does not tell. */
  private static final List<String> PLAIN_STARTS =
      List.of("true", "false", "gaussian", "eva", "orthogonal");

  static LoraConfig read(Path file, JsonNode json) {
    Config config = Config.of(file.toString(), json);
    config.requireText("peft_type", "LORA");
    for (String field : REFUSED) {
      config.requireAbsent(field);
    }
    config.requireFlag("lora_bias", false);
    config.requireFlag("use_qalora", false);
    JsonNode start = json.path("init_lora_weights");
    if (!start.isMissingNode()
        && !PLAIN_STARTS.contains(start.asString().toLowerCase(Locale.ROOT))) {
      throw config.bad("init_lora_weights", "one of " + String.join(", ", PLAIN_STARTS));
    }
    return new LoraConfig(
        file.toString(),
        config.positive("r"),
        config.number("lora_alpha"),
        patterns(file, config, json, "rank_pattern"),
        patterns(file, config, json, "alpha_pattern"),
        config.flag("use_rslora", false),
        config.flag("use_dora", false),
        config.flag("fan_in_fan_out", false));
  }

  private static Map<Pattern, Double> patterns(
      Path file, Config config, JsonNode json, String field) {
    Map<Pattern, Double> patterns = new LinkedHashMap<>();
    config
        .object(field)
        .ifPresent(object -> {
          for (String key : json.get(field).propertyNames()) {
            try {
              // A key names the end of a module's path, or is an expression for it.
              patterns.put(Pattern.compile("(.*\\.)?(" + key + ")"), object.number(key));
            } catch (PatternSyntaxException e) {
              throw new JandaiaException(
                  "%s: %s: expected a regular expression, found %s".formatted(file, field, key), e);
            }
          }
        });
    return patterns;
  }

  /** The rank that a module's matrices must have. */
  int rank(String module) {
    return (int) first(ranks, module, rank);
  }

  /** What multiplies the product of a module's matrices. */
  double scale(String module) {
    double moduleAlpha = first(alphas, module, alpha);
    int moduleRank = rank(module);
    return rankStabilised ? moduleAlpha / Math.sqrt(moduleRank) : moduleAlpha / moduleRank;
  }

  private static double first(Map<Pattern, Double> patterns, String module, double otherwise) {
    return patterns.entrySet().stream()
        .filter(entry -> entry.getKey().matcher(module).matches())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }
}
