package dev.jandaia.family;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.json.SpecDiff;
import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The config.json of a spec, in the spelling that transformers of every version reads. What is
 * written has been read back and means the same spec.
 */
public final class HubConfig {
  private HubConfig() {}

  /**
   * The config.json of a spec.
   *
   * @throws JandaiaException if the family's config cannot express the spec; the message names the
   *     first difference
   */
  public static JsonNode of(ModelSpec spec) {
    JsonNode config = write(spec);
    SpecDiff.first(spec, Families.spec(Config.of("config.json", config)))
        .ifPresent(difference -> {
          throw new JandaiaException(
              "config.json of %s cannot express this model (asked, possible): %s"
                  .formatted(spec.family(), difference));
        });
    return config;
  }

  /** The config nearest to a spec; it may mean another. */
  static JsonNode write(ModelSpec spec) {
    Family family = Families.of(spec.family());
    HubFields config =
        HubFields.empty()
            .put("model_type", family.name())
            .putTexts("architectures", List.of(family.architecture()))
            .put("vocab_size", spec.vocabSize())
            .put("tie_word_embeddings", spec.head().tied())
            // The classes have ids of their own here, which may lie outside this vocabulary.
            .putNull("pad_token_id");
    family.write(spec, config);
    return config.node();
  }
}
