package dev.jandaia.family;

import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Temperature;

/**
 * Rotary positions in the older spelling of config.json, which every version reads: {@code
 * rope_theta} and {@code rope_scaling}. The way back of {@link Rope}.
 */
final class RopeFields {
  private final HubFields config;

  private RopeFields(HubFields config) {
    this.config = config;
  }

  /** Writes the rope of a model; nothing where it has none. */
  static void write(HubFields config, Position position) {
    if (position instanceof Position.Rotary rotary) {
      config.put("rope_theta", rotary.theta());
      new RopeFields(config).scaling(rotary.scaling());
    }
  }

  /** Writes how a rope is stretched, without its base. */
  static void scaling(HubFields config, RopeScaling rule) {
    new RopeFields(config).scaling(rule);
  }

  /** As {@link #write}, with the part of each head that is rotated. */
  static void writePartial(HubFields config, Position position, int headDim) {
    write(config, position);
    if (position instanceof Position.Rotary rotary) {
      config.put("partial_rotary_factor", part(rotary.rotaryDim(), headDim));
    }
  }

  /** The shortest fraction of {@code whole} that is {@code part} when rounded down. */
  static double part(int part, int whole) {
    return HubFields.shortest((double) part / whole, factor -> (int) (whole * factor) == part);
  }

  /** The growth of queries, which is stated among the rope's parameters. */
  static void temperature(HubFields config, Temperature temperature) {
    if (temperature instanceof Temperature.Logarithmic(double beta, int interval, _)) {
      HubFields scaling = config.object("rope_scaling");
      if (!scaling.has("rope_type")) {
        scaling.put("rope_type", "default");
      }
      scaling.put("llama_4_scaling_beta", beta).put("original_max_position_embeddings", interval);
    }
  }

  /**
   * What YaRN multiplies the scores of latent attention with, mscale², as {@code mscale_all_dim}.
   *
   * @param scale of the scores, which a rope that is not stretched leaves at 1/root
   */
  static void latentScale(HubFields config, RopeScaling rule, double scale, double root) {
    if (!(rule instanceof RopeScaling.Yarn yarn) || yarn.factor() <= 1) {
      return;
    }
    double all =
        HubFields.shortest(
            (Math.sqrt(scale * root) - 1) / (0.1 * Math.log(yarn.factor())),
            mscale -> square(Rope.magnitude(yarn.factor(), mscale)) / root == scale);
    HubFields scaling = config.object("rope_scaling").put("mscale_all_dim", all);
    if (yarn.attentionFactor() == 1 && all != 0) {
      scaling.put("mscale", all);
      scaling.node().remove("attention_factor");
    }
  }

  /** The published classes of latent attention ask for more of LongRoPE than it needs. */
  static void latentLongRope(HubFields config, RopeScaling rule) {
    if (rule instanceof RopeScaling.LongRope longRope) {
      double context = config.node().path("max_position_embeddings").asInt();
      config
          .object("rope_scaling")
          .put("factor", context / longRope.originalContext())
          .put("original_max_position_embeddings", longRope.originalContext());
    }
  }

  private static double square(double x) {
    return x * x;
  }

  private void scaling(RopeScaling rule) {
    switch (rule) {
      case RopeScaling.None() -> {}
      case RopeScaling.Linear(double factor) -> scaling("linear").put("factor", factor);
      case RopeScaling.Llama3 llama3 ->
          scaling("llama3")
              .put("factor", llama3.factor())
              .put("low_freq_factor", llama3.lowFrequencyFactor())
              .put("high_freq_factor", llama3.highFrequencyFactor())
              .put("original_max_position_embeddings", llama3.originalContext());
      case RopeScaling.Yarn yarn -> yarn(yarn);
      case RopeScaling.LongRope longRope -> longRope(longRope);
      case RopeScaling.Proportional proportional ->
          scaling("proportional").put("factor", proportional.factor());
      // A config has no place for these; reading it back will tell.
      case RopeScaling.Divisors divisors -> {}
    }
  }

  private void yarn(RopeScaling.Yarn yarn) {
    HubFields scaling =
        scaling("yarn")
            .put("factor", yarn.factor())
            .put("beta_fast", yarn.betaFast())
            .put("beta_slow", yarn.betaSlow())
            .put("original_max_position_embeddings", yarn.originalContext());
    if (!yarn.truncate()) {
      scaling.put("truncate", false);
    }
    if (yarn.attentionFactor() != Rope.magnitude(yarn.factor(), 1)) {
      scaling.put("attention_factor", yarn.attentionFactor());
    }
  }

  private void longRope(RopeScaling.LongRope rule) {
    HubFields scaling =
        scaling("longrope")
            .putNumbers("short_factor", rule.shortFactors())
            .putNumbers("long_factor", rule.longFactors());
    config.put("original_max_position_embeddings", rule.originalContext());
    int context = config.node().path("max_position_embeddings").asInt();
    double factor = (double) context / rule.originalContext();
    if (rule.attentionFactor() != Rope.longRopeMagnitude(factor, rule.originalContext())) {
      scaling.put("attention_factor", rule.attentionFactor());
    }
  }

  private HubFields scaling(String type) {
    return config.object("rope_scaling").put("rope_type", type);
  }
}
