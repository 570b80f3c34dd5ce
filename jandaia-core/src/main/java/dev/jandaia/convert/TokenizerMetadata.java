package dev.jandaia.convert;

import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tokenizer.Specials;
import dev.jandaia.tokenizer.Tokenizer;
import dev.jandaia.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tokenizer of a Hugging Face directory as GGUF metadata: a {@code tokenizer.json}, {@code
 * tekken.json} or SentencePiece {@code tokenizer.model} is rewritten in each form that a GGUF file
 * may give it until one reads {@link #PROBES} into the same ids as the original; what has not been
 * proven so is not written.
 */
final class TokenizerMetadata {
  /** Files that hold a tokenizer, in the order in which a reader prefers them. */
  private static final List<String> FILES =
      List.of("tokenizer.json", "tekken.json", "tokenizer.model", "tiktoken.model");

  /** Texts on which published tokenizers differ. */
  private static final List<String> PROBES =
      List.of(
          "Hello world",
          " Hello  world, it's WE'LL don't I'M   \n\n \t x\r\n\r\n  y\n",
          "1 12 123 1234 12345 3.14159, 2026-11-01 0x1F½ ²",
          "camelCase HTTPServer snake_case Ünïcödé straße ČESKÝ ñandú coração",
          "私は猫です。今日は2匹。 한국어 텍스트 русский текст العربية हिन्दी",
          "if (a != b && c[0] >= 1) { return \"x/y\\z\"; } // -- ... !!! ?! $5 #tag @me\n\n"
              + "/path/to",
          "🙂👍🏽 e\u200Bf … “quoted” – dash — ´`^~ <|im_start|> </s>",
          "    indented\n\tcode\n        more   \n");

  private final Tokenizer original;

  private TokenizerMetadata(Tokenizer original) {
    this.original = original;
  }

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
        new TokenizerMetadata(original).proven(forms(file.get(), original, vocabSize));
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

  private Optional<Map<String, GgufValue>> proven(Stream<Map<String, GgufValue>> forms) {
    List<String> probes = probes();
    return forms.filter(metadata -> readsTheSame(metadata, probes)).findFirst();
  }

  /** The fixed texts, and what tokens of this vocabulary spell in any order. */
  private List<String> probes() {
    List<String> probes = new ArrayList<>(PROBES);
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      probes.add(original.decode(random.ints(8, 0, original.vocabSize()).toArray()));
    }
    return probes;
  }

  private boolean readsTheSame(Map<String, GgufValue> metadata, List<String> probes) {
    Map<String, Object> plain = new LinkedHashMap<>();
    metadata.forEach((key, value) -> plain.put(key, value.value()));
    Tokenizer candidate = Tokenizers.fromGguf(plain);
    for (Specials specials : Specials.values()) {
      for (String probe : probes) {
        if (!Arrays.equals(original.encode(probe, specials), candidate.encode(probe, specials))) {
          return false;
        }
      }
    }
    return true;
  }
}
