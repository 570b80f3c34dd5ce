package dev.jandaia.convert;

import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tokenizer.Tokenizer;
import dev.jandaia.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tokenizer of a Hugging Face directory as GGUF metadata: a {@code tokenizer.json}, {@code
 * tekken.json} or SentencePiece {@code tokenizer.model} is rewritten in each form that a GGUF file
 * may give it until one is proven to read texts into the same ids as the original; what has not
 * been proven so is not written.
 */
final class TokenizerMetadata {
  /** Files that hold a tokenizer, in the order in which a reader prefers them. */
  private static final List<String> FILES =
      List.of("tokenizer.json", "tekken.json", "tokenizer.model", "tiktoken.model");

  private TokenizerMetadata() {}

  /**
   * The entries, as far as they can be given.
   *
   * @param vocabSize rows of the embedding, as many tokens as other readers expect
   * @param notes told if there is a tokenizer and it is left behind
   */
  static Map<String, GgufValue> of(Path directory, int vocabSize, Consumer<String> notes) {
    Optional<Path> file = FILES.stream().map(directory::resolve).filter(Files::exists).findFirst();
    if (file.isEmpty()) {
      notes.accept(
          "%s: no %s, the GGUF file has no tokenizer"
              .formatted(directory, String.join(", no ", FILES)));
      return Map.of();
    }
    Tokenizer original = Tokenizers.fromFile(file.get());
    if (original.vocabSize() > vocabSize) {
      notes.accept(
          "%s: has %d tokens and the model %d, so it is left behind"
              .formatted(file.get(), original.vocabSize(), vocabSize));
      return Map.of();
    }
    Optional<Map<String, GgufValue>> proven =
        proven(new TokenizerProof(original), forms(file.get(), original, vocabSize));
    if (proven.isEmpty()) {
      notes.accept(
          file.get()
              + ": no form of it in GGUF was found to give the same ids, so it is left behind");
    }
    return proven.orElse(Map.of());
  }

  private static Stream<Map<String, GgufValue>> forms(Path file, Tokenizer original, int size) {
    return switch (file.getFileName().toString()) {
      case "tokenizer.json" -> TokenizerForms.ofJson(original, size, read(file));
      case "tekken.json", "tiktoken.model" -> TokenizerForms.ofRanks(original, size);
      default ->
          Tokenizers.isSentencePiece(file)
              ? TokenizerForms.ofSentencePiece(original, size, file)
              : TokenizerForms.ofRanks(original, size);
    };
  }

  private static JsonNode read(Path file) {
    try {
      return JsonMapper.shared().readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new JandaiaException(file + ": not valid JSON (" + e.getOriginalMessage() + ")", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Map<String, GgufValue>> proven(
      TokenizerProof proof, Stream<Map<String, GgufValue>> forms) {
    return forms.filter(metadata -> proof.readsTheSame(read(metadata))).findFirst();
  }

  private static Tokenizer read(Map<String, GgufValue> metadata) {
    Map<String, Object> plain = new LinkedHashMap<>();
    metadata.forEach((key, value) -> plain.put(key, value.value()));
    return Tokenizers.fromGguf(plain);
  }
}
