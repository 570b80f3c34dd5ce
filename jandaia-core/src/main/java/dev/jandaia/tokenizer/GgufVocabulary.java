package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** The tokens of a GGUF file: what the {@code tokenizer.ggml.*} entries list, by id. */
final class GgufVocabulary {
  private final GgufValues values;
  private final String[] tokens;
  private final TokenType[] types;
  private final Map<String, Integer> ids = new HashMap<>();

  /** The file's token types, in their order, from 1. */
  enum TokenType {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE;

    static TokenType of(long number) {
      if (number < 1 || number > values().length) {
        throw new JandaiaException(
            "tokenizer.ggml.token_type: expected 1 to " + values().length + ", found " + number);
      }
      return values()[(int) number - 1];
    }
  }

  GgufVocabulary(GgufValues values) {
    this.values = values;
    this.tokens = values.strings("tokenizer.ggml.tokens");
    this.types = types();
    for (int id = 0; id < tokens.length; id++) {
      ids.putIfAbsent(tokens[id], id);
    }
  }

  private TokenType[] types() {
    TokenType[] result = new TokenType[tokens.length];
    long[] numbers = values.longs("tokenizer.ggml.token_type", tokens.length);
    for (int id = 0; id < result.length; id++) {
      result[id] = numbers.length == 0 ? TokenType.NORMAL : TokenType.of(numbers[id]);
      boolean textLike = result[id] == TokenType.NORMAL || result[id] == TokenType.USER_DEFINED;
      // Converters have been known to leave these as plain text.
      if (textLike && Roles.STOP_NAMES.contains(tokens[id])) {
        result[id] = TokenType.CONTROL;
      }
    }
    return result;
  }

  int size() {
    return tokens.length;
  }

  String token(int id) {
    return tokens[id];
  }

  TokenType type(int id) {
    return types[id];
  }

  /** Ids by spelling; of equal spellings the first. */
  Map<String, Integer> ids() {
    return ids;
  }

  /** The tokens that text may become. */
  Map<String, Integer> pieces() {
    Map<String, Integer> pieces = new HashMap<>();
    for (int id = 0; id < tokens.length; id++) {
      boolean text =
          switch (types[id]) {
            case NORMAL, USER_DEFINED, UNUSED -> true;
            case UNKNOWN, CONTROL, BYTE -> false;
          };
      if (text && !tokens[id].isEmpty()) {
        pieces.putIfAbsent(tokens[id], id);
      }
    }
    return pieces;
  }

  /** The tokens that are found in the text before anything else is done to it. */
  List<AddedToken> added() {
    String model = values.optionalString("general.name").orElse("").toLowerCase(Locale.ROOT);
    boolean phi3 = model.contains("phi-3") || model.contains("phi3");
    List<AddedToken> added = new ArrayList<>();
    for (int id = 0; id < tokens.length; id++) {
      switch (types[id]) {
        case CONTROL, UNKNOWN -> {
          AddedToken token = AddedToken.control(id, tokens[id]);
          // GGUF has no place for this attribute of Phi-3's markers.
          boolean marker = phi3 && !Set.of("<unk>", "<s>", "<|endoftext|>").contains(tokens[id]);
          added.add(marker ? token.strippingRight() : token);
        }
        case USER_DEFINED -> added.add(AddedToken.userDefined(id, tokens[id]));
        case NORMAL, UNUSED, BYTE -> {}
      }
    }
    return added;
  }

  /** Kimi K2's vocabulary comes without merges: there the order of the tokens is their rank. */
  boolean ranked() {
    return !values.has("tokenizer.ggml.merges")
        && values.optionalString("tokenizer.ggml.pre").orElse("").equals("kimi-k2");
  }

  /** The listed merges whose tokens all exist, each as two tokens, the most urgent first. */
  List<String[]> merges() {
    List<String[]> merges = new ArrayList<>();
    for (String line : values.strings("tokenizer.ggml.merges")) {
      int cut = line.indexOf(' ', 1);
      if (cut < 0) {
        throw new JandaiaException(
            "tokenizer.ggml.merges: expected two parts, found " + Messages.shortened(line));
      }
      String left = line.substring(0, cut);
      String right = line.substring(cut + 1);
      if (ids.containsKey(left) && ids.containsKey(right) && ids.containsKey(left + right)) {
        merges.add(new String[] {left, right});
      }
    }
    return merges;
  }

  /** One number per token. */
  float[] scores() {
    return values.floats("tokenizer.ggml.scores", tokens.length);
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
    return values.id("tokenizer.ggml." + name + "_token_id", tokens.length);
  }
}
