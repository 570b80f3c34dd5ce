package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.text.TextArray;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes tokenizers from the files that models come with.
 *
 * <p>All methods throw {@link JandaiaException} with a message that names the file and the field
 * when a file is missing, broken or of a kind that is not known.
 */
public final class Tokenizers {
  private static final List<String> FILES =
      List.of("tokenizer.json", "tekken.json", "tokenizer.model", "tiktoken.model");
  private static final Pattern RANK_LINE = Pattern.compile("[A-Za-z0-9+/]+={0,2} \\d+");

  private Tokenizers() {}

  /**
   * The tokenizer of a model directory: {@code tokenizer.json}, else {@code tekken.json}, {@code
   * tokenizer.model}, {@code tiktoken.model} or a file {@code *.tiktoken}. Its special tokens and
   * chat template come from {@code tokenizer_config.json}, {@code special_tokens_map.json}, {@code
   * generation_config.json}, {@code config.json} and {@code chat_template.jinja} where they exist.
   */
  public static Tokenizer fromDirectory(Path directory) {
    for (String name : FILES) {
      if (Files.isRegularFile(directory.resolve(name))) {
        return fromFile(directory.resolve(name));
      }
    }
    return rankFile(directory)
        .map(Tokenizers::fromFile)
        .orElseThrow(() ->
            new JandaiaException(
                directory + ": no tokenizer: expected one of " + FILES + " or *.tiktoken"));
  }

  /** The tokenizer in one file; the files beside it are read as in {@link #fromDirectory}. */
  public static Tokenizer fromFile(Path file) {
    HfConfig config = HfConfig.in(file.toAbsolutePath().getParent());
    String name = file.getFileName().toString();
    if (name.endsWith(".json")) {
      Json json = Json.read(file);
      boolean tekken = json.field("config").flatMap(c -> c.field("pattern")).isPresent();
      return tekken ? TekkenTokenizer.read(json, config) : HfTokenizer.read(json, config);
    }
    if (holdsRanks(file)) {
      return TiktokenTokenizer.read(
          file, PrePatterns.named(patternName(file)), config.addedTokens(), config);
    }
    return SentencePieceTokenizer.read(file, config);
  }

  /** Whether a {@code tokenizer.model} is SentencePiece's, not a list of ranks. */
  public static boolean isSentencePiece(Path file) {
    return file.getFileName().toString().endsWith(".model") && !holdsRanks(file);
  }

  /** Whether a file is a {@code tekken.json} of Mistral AI. */
  public static boolean isTekken(Path file) {
    return file.getFileName().toString().endsWith(".json")
        && Json.read(file).field("config").flatMap(c -> c.field("pattern")).isPresent();
  }

  /**
   * The vocabulary of a {@code tekken.json} alone, as tiktoken sees it: no control tokens, and ids
   * that are ranks. In a model the control tokens come first: see {@link #fromFile}.
   */
  public static Tokenizer tekkenRanks(Path file) {
    return TekkenTokenizer.ranks(Json.read(file), HfConfig.in(file.toAbsolutePath().getParent()));
  }

  /**
   * The tokenizer of a tiktoken rank file, which names neither its pattern nor its control tokens.
   *
   * @param pattern the name of a pre-tokenizer as in GGUF's {@code tokenizer.ggml.pre}, for example
   *     {@code gpt-4o}
   * @param control the control tokens by their spelling
   */
  public static Tokenizer fromRanks(Path file, String pattern, Map<String, Integer> control) {
    List<AddedToken> added =
        control.entrySet().stream()
            .map(token -> AddedToken.control(token.getValue(), token.getKey()))
            .toList();
    HfConfig config = HfConfig.in(file.toAbsolutePath().getParent());
    return TiktokenTokenizer.read(file, PrePatterns.named(pattern), added, config);
  }

  /**
   * The tokenizer inside a GGUF file.
   *
   * @param metadata the file's key-value pairs: scalars as {@code Long}, {@code Double}, {@code
   *     Boolean} or {@code String}, arrays as {@link TextArray} or {@code String[]}, {@code
   *     long[]}, {@code float[]}, {@code double[]} or {@code boolean[]}
   */
  public static Tokenizer fromGguf(Map<String, Object> metadata) {
    return GgufTokenizer.read(metadata);
  }

  /** Whether a GGUF file has a tokenizer; some say that they have none. */
  public static boolean isInGguf(Map<String, Object> metadata) {
    Object kind = metadata.get("tokenizer.ggml.model");
    return kind != null && !kind.equals("none") && !kind.equals("no_vocab");
  }

  private static Optional<Path> rankFile(Path directory) {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".tiktoken")).sorted().findFirst();
    } catch (IOException e) {
      throw new JandaiaException(directory + ": not a readable directory", e);
    }
  }

  /** A rank file does not name its pattern; these are known by their own names. */
  private static String patternName(Path file) {
    return switch (file.getFileName().toString()) {
      case "tiktoken.model" -> "kimi-k2";
      case "tokenizer.model" -> "llama-bpe";
      case "qwen.tiktoken" -> "qwen2";
      case "o200k_base.tiktoken" -> "gpt-4o";
      case "cl100k_base.tiktoken" -> "dbrx";
      case "p50k_base.tiktoken", "r50k_base.tiktoken", "gpt2.tiktoken" -> "gpt-2";
      default ->
          throw new JandaiaException(
              file + ": a rank file of this name has no known pattern, use Tokenizers.fromRanks");
    };
  }

  /** Whether a file begins with a line of base64 and a number. */
  private static boolean holdsRanks(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(512), StandardCharsets.ISO_8859_1);
      return RANK_LINE.matcher(head.lines().findFirst().orElse("")).matches();
    } catch (IOException e) {
      throw new JandaiaException(file + ": not readable: " + e.getMessage(), e);
    }
  }
}
