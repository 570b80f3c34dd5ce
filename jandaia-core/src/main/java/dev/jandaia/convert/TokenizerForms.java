package dev.jandaia.convert;

import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.tokenizer.RankMerges;
import dev.jandaia.tokenizer.SentencePieceVocabulary;
import dev.jandaia.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Ways to write the tokenizer of a file in GGUF, the likeliest first; each has to be proven. */
final class TokenizerForms {
  /** The pre-tokenizers that published models share, the most common first. */
  private static final List<String> PRE_TOKENIZERS =
      List.of(
          "gpt-2",
          "llama-bpe",
          "qwen2",
          "dbrx",
          "gpt-4o",
          "tekken",
          "deepseek-v3",
          "deepseek-llm",
          "deepseek-coder",
          "smollm",
          "qwen35",
          "falcon",
          "default");

  private TokenizerForms() {}

  /** Of a {@code tokenizer.json}; none unless it is of the BPE kind. */
  static Stream<Map<String, GgufValue>> ofJson(Tokenizer original, int size, JsonNode json) {
    JsonNode model = json.path("model");
    if (!model.path("type").asString("").equals("BPE")) {
      return Stream.empty();
    }
    boolean fallsBackToBytes = model.path("byte_fallback").asBoolean(false);
    Set<Integer> added = new HashSet<>();
    json.path("added_tokens").forEach(token -> added.add(token.path("id").asInt(-1)));
    TokenizerEntries entries =
        new TokenizerEntries(original, size, id -> type(original, id, added, fallsBackToBytes));
    List<String[]> merges = merges(model);
    return fallsBackToBytes
        ? Stream.of(true, false)
            .map(spaceFirst -> entries.sentencePiece(scores(original, size, merges), spaceFirst))
        : PRE_TOKENIZERS.stream().map(name -> entries.byteLevel(name, merges));
  }

  /** Of a tokenizer that is defined by ranks, such as a {@code tekken.json}. */
  static Stream<Map<String, GgufValue>> ofRanks(Tokenizer original, int size) {
    TokenizerEntries entries =
        new TokenizerEntries(original, size, id -> type(original, id, Set.of(), false));
    List<String[]> merges = RankMerges.of(original);
    return Stream.concat(Stream.of("tekken"), PRE_TOKENIZERS.stream())
        .distinct()
        .map(name -> entries.byteLevel(name, merges));
  }

  /** Of a SentencePiece {@code tokenizer.model}. */
  static Stream<Map<String, GgufValue>> ofSentencePiece(Tokenizer original, int size, Path file) {
    SentencePieceVocabulary vocabulary = SentencePieceVocabulary.read(file);
    List<Integer> types = vocabulary.types();
    TokenizerEntries entries =
        new TokenizerEntries(
            original,
            size,
            id -> id < types.size() ? types.get(id) : type(original, id, Set.of(), false));
    double[] scores = new double[size];
    for (int id = 0; id < vocabulary.scores().size(); id++) {
      scores[id] = vocabulary.scores().get(id);
    }
    long[] charsmap = vocabulary.charsmap().stream().mapToLong(b -> b & 0xFF).toArray();
    return Stream.of(
        vocabulary.unigram()
            ? entries.unigram(scores, vocabulary.spaceFirst(), vocabulary.trimmed(), charsmap)
            : entries.sentencePiece(scores, vocabulary.spaceFirst()));
  }

  private static int type(
      Tokenizer original, int id, Set<Integer> added, boolean fallsBackToBytes) {
    if (fallsBackToBytes && original.token(id).matches("<0x[0-9A-F]{2}>")) {
      return TokenizerEntries.BYTE;
    }
    if (fallsBackToBytes && OptionalInt.of(id).equals(original.unknownId())) {
      return TokenizerEntries.UNKNOWN;
    }
    if (original.isSpecial(id)) {
      return TokenizerEntries.CONTROL;
    }
    return added.contains(id) ? TokenizerEntries.USER_DEFINED : TokenizerEntries.NORMAL;
  }

  /** Pairs, which older files write as one string. */
  private static List<String[]> merges(JsonNode model) {
    return model
        .path("merges")
        .valueStream()
        .map(merge ->
            merge.isArray()
                ? new String[] {merge.path(0).asString(), merge.path(1).asString()}
                : merge.asString().split(" ", 2))
        .toList();
  }

  /** A merge that comes earlier has the higher score; SentencePiece prefers high scores. */
  private static double[] scores(Tokenizer original, int size, List<String[]> merges) {
    double[] scores = new double[size];
    Arrays.fill(scores, -size);
    int rank = 0;
    for (String[] pair : merges) {
      OptionalInt id = original.lookup(pair[0] + pair[1]);
      rank++;
      if (id.isPresent() && scores[id.getAsInt()] == -size) {
        scores[id.getAsInt()] = -rank;
      }
    }
    return scores;
  }
}
