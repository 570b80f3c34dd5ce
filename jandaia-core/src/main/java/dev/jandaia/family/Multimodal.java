package dev.jandaia.family;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Language models that are part of one that also sees images: the same tensors, longer names. */
final class Multimodal {
  private Multimodal() {}

  /** The name inside a language-only checkpoint, then those that larger models have used. */
  static List<TensorView> candidates(Optional<TensorView> view) {
    return view.stream()
        .flatMap(plain ->
            Stream.of(
                plain,
                plain.renamed("language_model." + plain.tensor()),
                plain.renamed(plain.tensor().replaceFirst("^model\\.", "model.language_model."))))
        .distinct()
        .toList();
  }

  /** The family of the language part: Mistral 3 gives eyes to several. */
  static String languageType(Config config) {
    String type = config.modelType();
    return type.equals("mistral3")
        ? config.object("text_config").map(text -> text.text("model_type", type)).orElse(type)
        : type;
  }

  /** The config of the language part, or the whole one where there is no other part. */
  static Config language(Config config) {
    return config.object("text_config").orElse(config);
  }

  /** Whether a tensor belongs to eyes or ears alone. */
  static boolean isSurplus(String tensor) {
    return tensor.matches(
        "(model\\.)?(vision_tower|multi_modal_projector|audio_tower|embed_vision|embed_audio)\\..*");
  }
}
