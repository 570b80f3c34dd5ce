package dev.jandaia.convert;

import dev.jandaia.family.HubConfig;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The config.json of a model whose attention became latent. */
final class LatentConfig {
  /** What is not of the architecture comes along. */
  private static final List<String> KEPT =
      List.of(
          "bos_token_id",
          "eos_token_id",
          "pad_token_id",
          "initializer_range",
          "torch_dtype",
          "dtype");

  private LatentConfig() {}

  /**
   * @param before the config of the model that was converted
   * @param origin named in errors
   * @throws JandaiaException if the family's config cannot express the model
   */
  static ObjectNode of(ModelSpec spec, ObjectNode before, String origin) {
    try {
      ObjectNode config = (ObjectNode) HubConfig.of(spec);
      for (String field : KEPT) {
        if (before.has(field)) {
          config.set(field, before.get(field));
        }
      }
      return config;
    } catch (JandaiaException e) {
      throw new JandaiaException(origin + ": latent attention: " + e.getMessage(), e);
    }
  }
}
