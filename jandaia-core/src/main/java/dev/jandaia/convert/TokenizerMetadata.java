package dev.jandaia.convert;

import dev.jandaia.checkpoint.GgufValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The tokenizer of a Hugging Face directory as GGUF metadata. */
final class TokenizerMetadata {
  private static final List<String> FILES =
      List.of("tokenizer.json", "tokenizer.model", "tekken.json");

  private TokenizerMetadata() {}

  static Map<String, GgufValue> of(Path directory, Consumer<String> notes) {
    FILES.stream()
        .filter(name -> Files.exists(directory.resolve(name)))
        .findFirst()
        .ifPresent(name ->
            notes.accept(
                directory.resolve(name) + ": the tokenizer is not converted, only the weights"));
    return Map.of();
  }
}
