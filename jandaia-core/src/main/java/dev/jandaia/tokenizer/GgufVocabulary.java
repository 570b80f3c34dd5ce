package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.text.TextArray;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** The tokens of a GGUF file: what the {@code tokenizer.ggml.*} entries list, by id. */
final class GgufVocabulary {
  private static final String MERGES = "tokenizer.ggml.merges";

  private final GgufValues values;
  private final TextArray tokens;
  private final SpellingTable ids;
  private final TokenType[] types;

  /** The file's token types, in their order, from 1. */
  enum TokenType {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE;

    private static final TokenType[] ALL = values();

    static TokenType of(long number) {
      if (number < 1 || number > ALL.length) {
        throw new JandaiaException(
            "tokenizer.ggml.token_type: expected 1 to " + ALL.length + ", found " + number);
      }
      return ALL[(int) number - 1];
    }

    /** Whether text may become such a token. */
    boolean isText() {
      return switch (this) {
        case NORMAL, USER_DEFINED, UNUSED -> true;
        case UNKNOWN, CONTROL, BYTE -> false;
      };
    }
  }

  GgufVocabulary(GgufValues values) {
    this.values = values;
    this.tokens = values.strings("tokenizer.ggml.tokens");
    this.ids = SpellingTable.of(tokens);
    this.types = types();
  }

  private TokenType[] types() {
    TokenType[] result = new TokenType[tokens.size()];
    long[] numbers = values.longs("tokenizer.ggml.token_type", result.length);
    for (int id = 0; id < result.length; id++) {
      result[id] = numbers.length == 0 ? TokenType.NORMAL : TokenType.of(numbers[id]);
    }
    // Converters have been known to leave these as plain text.
    for (String name : Roles.STOP_NAMES) {
      int id = ids.find(name);
      if (id >= 0 && (result[id] == TokenType.NORMAL || result[id] == TokenType.USER_DEFINED)) {
        result[id] = TokenType.CONTROL;
      }
    }
    return result;
  }

  int size() {
    return tokens.size();
  }

  String token(int id) {
    return tokens.get(id);
  }

  TokenType type(int id) {
    return types[id];
  }

  /** Ids by spelling; of equal spellings the first. */
  SpellingTable ids() {
    return ids;
  }

  /** The tokens that text may become. */
  Spellings text() {
    return ids.only(id -> types[id].isText());
  }

  /** As {@link #text}, for algorithms that go through all of them. */
  Map<String, Integer> pieces() {
    Map<String, Integer> pieces = new HashMap<>();
    for (int id = 0; id < tokens.size(); id++) {
      if (types[id].isText() && tokens.start(id) < tokens.end(id)) {
        pieces.putIfAbsent(tokens.get(id), id);
      }
    }
    return pieces;
  }

  /** The tokens that are found in the text before anything else is done to it. */
  List<AddedToken> added() {
    String model = values.optionalString("general.name").orElse("").toLowerCase(Locale.ROOT);
    boolean phi3 = model.contains("phi-3") || model.contains("phi3");
    List<AddedToken> added = new ArrayList<>();
    for (int id = 0; id < tokens.size(); id++) {
      switch (types[id]) {
        case CONTROL, UNKNOWN -> {
          AddedToken token = AddedToken.control(id, tokens.get(id));
          // GGUF has no place for this attribute of Phi-3's markers.
          boolean marker =
              phi3 && !Set.of("<unk>", "<s>", "<|endoftext|>").contains(token.content());
          added.add(marker ? token.strippingRight() : token);
        }
        case USER_DEFINED -> added.add(AddedToken.userDefined(id, tokens.get(id)));
        case NORMAL, UNUSED, BYTE -> {}
      }
    }
    return added;
  }

  /** Kimi K2's vocabulary comes without merges: there the order of the tokens is their rank. */
  boolean ranked() {
    return !values.has(MERGES)
        && values.optionalString("tokenizer.ggml.pre").orElse("").equals("kimi-k2");
  }

  /** The listed merges whose tokens all exist. */
  MergeLines merges() {
    return new MergeLines(MERGES, values.strings(MERGES), tokens, ids);
  }

  /** As {@link #merges}, each as two tokens, the most urgent first. */
  List<String[]> mergedPairs() {
    TextArray lines = values.strings(MERGES);
    List<String[]> pairs = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      int cut = MergeLines.cut(MERGES, lines, i);
      String left = text(lines.bytes(), lines.start(i), cut);
      String right = text(lines.bytes(), cut + 1, lines.end(i));
      if (ids.find(left) >= 0 && ids.find(right) >= 0 && ids.find(left + right) >= 0) {
        pairs.add(new String[] {left, right});
      }
    }
    return pairs;
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** One number per token. */
  float[] scores() {
    return values.floats("tokenizer.ggml.scores", tokens.size());
  }

  /** Log-probabilities of a unigram model: what its users added is always worth taking. */
  double[] unigramScores() {
    float[] given = scores();
    double[] scores = new double[given.length];
    for (int id = 0; id < given.length; id++) {
      scores[id] = types[id] == TokenType.USER_DEFINED ? 0 : given[id];
    }
    return scores;
  }

  /** Of the SentencePiece kinds: whether a space goes before a text. */
  boolean spaceFirst() {
    return values.flag("tokenizer.ggml.add_space_prefix", true);
  }

  /** Of the unigram kind: whether superfluous spaces vanish. */
  boolean trimmed() {
    return values.flag("tokenizer.ggml.remove_extra_whitespaces", false);
  }

  /** Of the unigram kind: how characters are mapped; empty if they are not. */
  byte[] charsmap() {
    return values.bytes("tokenizer.ggml.precompiled_charsmap");
  }

  String kind() {
    return values.string("tokenizer.ggml.model");
  }

  /** The name of the pre-tokenizer. */
  String preTokenizer() {
    return values.optionalString("tokenizer.ggml.pre").orElse("default");
  }

  /** The id of a role such as {@code bos}. */
  OptionalInt role(String name) {
    return values.id("tokenizer.ggml." + name + "_token_id", tokens.size());
  }
}
