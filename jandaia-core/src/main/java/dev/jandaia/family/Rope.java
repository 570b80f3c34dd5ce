package dev.jandaia.family;

import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Temperature;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rotary positions as config.json files spell them. Newer files have {@code rope_parameters} (which
 * may hold one object per layer type), older ones {@code rope_theta} and {@code rope_scaling}.
 */
final class Rope {
  private final Config config;
  private final Config parameters;
  private final double theta;
  private final Map<String, String> oldNames;

  private Rope(Config config, Config parameters, double theta, Map<String, String> oldNames) {
    this.config = config;
    this.parameters = parameters;
    this.theta = theta;
    this.oldNames = oldNames;
  }

  /** The one rope of a model. */
  static Rope of(Config config) {
    Config parameters =
        config.object("rope_parameters").or(() -> config.object("rope_scaling")).orElse(config);
    return new Rope(config, parameters, theta(config, parameters, "rope_theta"), Map.of());
  }

  /**
   * The rope of one layer type: its own object in {@code rope_parameters} where there is one, else
   * the old spelling, in which scaling belongs to full attention only.
   *
   * @param oldThetaField the field of the base frequency in the old spelling
   */
  static Rope of(Config config, String layerType, String oldThetaField) {
    Optional<Config> nested =
        config.object("rope_parameters").flatMap(parameters -> parameters.object(layerType));
    Optional<Config> old =
        layerType.equals(LayerTypes.FULL) ? config.object("rope_scaling") : Optional.empty();
    Config parameters = nested.or(() -> old).orElse(config);
    return new Rope(config, parameters, theta(config, parameters, oldThetaField), Map.of());
  }

  /**
   * The stretched rope of DeepSeek-V4: its own object in {@code rope_parameters} where there is
   * one, else the scaling that the config has for the whole model, with another base and cosines
   * that stay as they are.
   *
   * @param thetaField the field of that base
   */
  static Rope stretched(Config config, String ropeType, String thetaField) {
    Optional<Config> flat =
        config.object("rope_parameters").or(() -> config.object("rope_scaling"));
    Optional<Config> nested = flat.flatMap(parameters -> parameters.object(ropeType));
    if (nested.isPresent()) {
      return new Rope(config, nested.get(), theta(config, nested.get(), thetaField), Map.of());
    }
    Config parameters =
        flat.map(given -> given.withDefaults(Map.of("attention_factor", 1.0))).orElse(config);
    return new Rope(config, parameters, config.number(thetaField), Map.of());
  }

  private static double theta(Config config, Config parameters, String field) {
    return parameters != config && parameters.has("rope_theta")
        ? parameters.number("rope_theta")
        : config.number(field);
  }

  /** Rotation of whole heads, elements paired with those half a head away. */
  Position.Rotary rotary(int headDim) {
    return rotary(headDim, Pairing.HALVES);
  }

  Position.Rotary rotary(int rotaryDim, Pairing pairing) {
    if (type().equals("proportional")) {
      return proportional(rotaryDim, pairing);
    }
    config.requireNumber("partial_rotary_factor", 1);
    if (parameters != config) {
      parameters.requireNumber("partial_rotary_factor", 1);
    }
    return new Position.Rotary(theta, rotaryDim, pairing, scaling());
  }

  /** Frequencies of the whole head, of which only the leading part turns. */
  private Position.Rotary proportional(int headDim, Pairing pairing) {
    double part = parameters.number("partial_rotary_factor", 1);
    int pairs = (int) Math.floor(part * headDim / 2);
    return new Position.Rotary(
        theta,
        headDim,
        pairing,
        new RopeScaling.Proportional(pairs, parameters.number("factor", 1)));
  }

  /**
   * Rotation of the leading part of each head that {@code partial_rotary_factor} tells; of whole
   * heads where it is absent.
   */
  Position.Rotary partialRotary(int headDim, Pairing pairing) {
    double factor =
        parameters.number("partial_rotary_factor", config.number("partial_rotary_factor", 1));
    return new Position.Rotary(theta, (int) (headDim * factor), pairing, scaling());
  }

  /**
   * Rotation of the rope part of latent attention's heads. A config may say how large that part is
   * twice, and must then agree with itself.
   */
  Position.Rotary latentRotary(int nopeDim, int ropeDim, Pairing pairing) {
    double factor =
        parameters.number("partial_rotary_factor", config.number("partial_rotary_factor", 1));
    if (factor != 1 && (int) ((nopeDim + ropeDim) * factor) != ropeDim) {
      throw config.bad(
          "partial_rotary_factor", "qk_rope_head_dim/(qk_nope_head_dim + qk_rope_head_dim)");
    }
    return new Position.Rotary(theta, ropeDim, pairing, scaling());
  }

  private RopeScaling scaling() {
    String type = type();
    return switch (type) {
      case "default" -> RopeScaling.NONE;
      case "linear" -> new RopeScaling.Linear(parameters.number("factor"));
      case "llama3" ->
          new RopeScaling.Llama3(
              parameters.number("factor"),
              parameters.number("low_freq_factor"),
              parameters.number("high_freq_factor"),
              originalContext());
      case "yarn" -> yarn();
      case "longrope" -> longRope();
      default ->
          throw parameters.bad(
              parameters.has("rope_type") ? "rope_type" : "type",
              "one of default, linear, llama3, yarn, longrope");
    };
  }

  private String type() {
    String type =
        parameters == config
            ? "default"
            : parameters.text("rope_type", parameters.text("type", "default"));
    return oldNames.getOrDefault(type, type);
  }

  /** This rope with names of scaling rules that mean others in this family. */
  Rope withOldNames(Map<String, String> names) {
    return new Rope(config, parameters, theta, names);
  }

  private RopeScaling yarn() {
    return new RopeScaling.Yarn(
        factor(),
        orWhenZero(parameters.number("beta_fast", 0), 32),
        orWhenZero(parameters.number("beta_slow", 0), 1),
        originalContext(),
        parameters.has("attention_factor")
            ? parameters.number("attention_factor")
            : yarnAttentionFactor(),
        parameters.flag("truncate", true));
  }

  private RopeScaling longRope() {
    return new RopeScaling.LongRope(
        factors("short_factor"),
        factors("long_factor"),
        originalContext(),
        parameters.has("attention_factor")
            ? parameters.number("attention_factor")
            : longRopeAttentionFactor());
  }

  private List<Double> factors(String field) {
    return parameters.numbers(field).orElseThrow(() -> parameters.bad(field, "a list of numbers"));
  }

  private double longRopeAttentionFactor() {
    return longRopeMagnitude(factor(), originalContext());
  }

  /** What LongRoPE multiplies cosines and sines with where the config does not tell. */
  static double longRopeMagnitude(double factor, int originalContext) {
    return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalContext));
  }

  /** Ministral 3's growing queries; none where the config does not ask for them. */
  Temperature temperature() {
    return parameters.number("llama_4_scaling_beta", 0) != 0
        ? new Temperature.Logarithmic(
            parameters.number("llama_4_scaling_beta"), originalContext(), 0)
        : Temperature.NONE;
  }

  private double yarnAttentionFactor() {
    double mscale = parameters.number("mscale", 0);
    double mscaleAllDim = parameters.number("mscale_all_dim", 0);
    return mscale != 0 && mscaleAllDim != 0
        ? magnitude(mscale) / magnitude(mscaleAllDim)
        : magnitude(1);
  }

  /**
   * What YaRN multiplies the softmax scale of latent attention with: mscale², whatever the cosines
   * and sines were multiplied with.
   */
  double latentScoreFactor() {
    if (type().equals("default")) {
      return 1;
    }
    double mscale = magnitude(parameters.number("mscale_all_dim", 0));
    return mscale * mscale;
  }

  /** 0.1·mscale·ln(factor) + 1; 1 where nothing is stretched. */
  private double magnitude(double mscale) {
    return magnitude(factor(), mscale);
  }

  static double magnitude(double factor, double mscale) {
    return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
  }

  private double factor() {
    return parameters.has("factor")
        ? parameters.number("factor")
        : (double) config.integer("max_position_embeddings") / originalContext();
  }

  private int originalContext() {
    String field = "original_max_position_embeddings";
    return config.has(field)
        ? config.integer(field)
        : parameters.integer(field, config.integer("max_position_embeddings"));
  }

  private static double orWhenZero(double value, double otherwise) {
    return value == 0 ? otherwise : value;
  }
}
