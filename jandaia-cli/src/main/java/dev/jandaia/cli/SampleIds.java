package dev.jandaia.cli;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.tokenizer.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A row of tokens to compare two models on. */
final class SampleIds {
  private static final List<String> TOKENIZERS =
      List.of("tokenizer.json", "tekken.json", "tokenizer.model");
  private static final String PARAGRAPH =
      """
      The jandaia is a small green parakeet of the Brazilian forests. It lives in flocks of ten to
      thirty birds, nests in hollow trees, and eats fruit, seeds and flowers. At dawn the whole
      flock flies to feed, calling all the way; by noon it rests in the shade. In 1865 José de
      Alencar wrote of it: "Verdes mares bravios de minha terra natal, onde canta a jandaia nas
      frondes da carnaúba."
      """;
  private static final int RANDOM_IDS = 64;

  private SampleIds() {}

  /**
   * The ids given, or those of the text given, or of a paragraph; at random for a model without a
   * tokenizer.
   */
  static int[] of(Path model, ModelSpec spec, String ids, String text) {
    if (ids != null && text != null) {
      throw new UsageException("expected --ids or --text, found both");
    }
    if (ids != null) {
      return TokenRows.parse(ids);
    }
    boolean speaks = TOKENIZERS.stream().anyMatch(file -> Files.exists(model.resolve(file)));
    if (speaks) {
      return Tokenizers.fromDirectory(model).encode(text == null ? PARAGRAPH : text);
    }
    if (text != null) {
      throw new UsageException("--text: expected a tokenizer in " + model + ", found none");
    }
    int length = Math.min(RANDOM_IDS, spec.contextLength());
    return new Random(1).ints(length, 0, spec.vocabSize()).toArray();
  }
}
