package dev.jandaia.family;

import dev.jandaia.spec.GatedMlp;

/** Gated feed-forward parts as most config.json files describe them. */
final class GatedMlps {
  private GatedMlps() {}

  /** One whose width stands in {@code sizeField}, its activation in {@code hidden_act}. */
  static GatedMlp read(Config config, String sizeField) {
    return read(config, sizeField, "hidden_act");
  }

  static GatedMlp read(Config config, String sizeField, String activationField) {
    return new GatedMlp(
        config.integer(sizeField),
        Activations.gating(config, activationField),
        config.flag("mlp_bias", false));
  }
}
