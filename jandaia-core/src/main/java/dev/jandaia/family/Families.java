package dev.jandaia.family;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.SpecException;
import dev.jandaia.tensor.JandaiaException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The families that are known. A new one is a line here and a file beside this one. */
public final class Families {
  private static final List<Family> ALL =
      List.of(
          new Cohere2(),
          new DeepseekV2(),
          new DeepseekV3(),
          new DeepseekV32(),
          new DeepseekV4(),
          new Gemma(),
          new Gemma2(),
          new Gemma3(),
          new Gemma3n(),
          new Gemma4(),
          new Glm4Moe(),
          new GlmMoeDsa(),
          new Gpt2(),
          new GptOss(),
          new Granite(),
          new KimiLinear(),
          new Llama(),
          new Llama4(),
          new MiniMax(),
          new MiniMaxM2(),
          new Ministral3(),
          new Mistral(),
          new Mistral4(),
          new Mixtral(),
          new NanoChat(),
          new Olmo2(),
          new Olmo3(),
          new Olmoe(),
          new Phi3(),
          new Qwen2(),
          new Qwen3(),
          new Qwen3Moe(),
          new Qwen3Next(),
          new Qwen35(),
          new Qwen35Moe(),
          new SmolLm3());

  private static final Map<String, Family> BY_MODEL_TYPE = index();

  private Families() {}

  /** All families. */
  public static List<Family> all() {
    return ALL;
  }

  /** Every {@code model_type} that is understood, in alphabetical order. */
  public static List<String> modelTypes() {
    return List.copyOf(new TreeSet<>(BY_MODEL_TYPE.keySet()));
  }

  /** Whether a family of this {@code model_type} is known. */
  public static boolean isKnown(String modelType) {
    return BY_MODEL_TYPE.containsKey(modelType);
  }

  /**
   * The family of a {@code model_type}.
   *
   * @throws JandaiaException if none is known; the message lists those that are
   */
  public static Family of(String modelType) {
    Family family = BY_MODEL_TYPE.get(modelType);
    if (family == null) {
      throw new JandaiaException(
          "model_type: expected one of %s, found %s"
              .formatted(String.join(", ", modelTypes()), modelType));
    }
    return family;
  }

  /** The family a config names. */
  public static Family of(Config config) {
    if (!isKnown(config.modelType())) {
      throw config.bad("model_type", "one of " + String.join(", ", modelTypes()));
    }
    return of(Multimodal.languageType(config));
  }

  /** The architecture a config describes, by the family it names. */
  public static ModelSpec spec(Config config) {
    try {
      return of(config).spec(config);
    } catch (SpecException e) {
      throw new JandaiaException(config.source() + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, Family> index() {
    Map<String, Family> index = new HashMap<>();
    for (Family family : ALL) {
      index.put(family.name(), family);
      family.aliases().forEach(alias -> index.put(alias, family));
    }
    return Map.copyOf(index);
  }
}
