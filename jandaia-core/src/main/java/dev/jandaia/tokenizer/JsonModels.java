package dev.jandaia.tokenizer;

import dev.jandaia.tokenizer.BpeModel.Options;
import dev.jandaia.tokenizer.UnigramModel.Precision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads the {@code model} of a tokenizer.json.
 *
 * @param tokens the model's own tokens
 * @param unknown the token for what they cannot express
 */
record JsonModels(Map<String, Integer> tokens, OptionalInt unknown, Model model) {
  private static final List<String> KNOWN = List.of("BPE", "Unigram", "WordPiece", "WordLevel");

  /** Reads a model; {@code special} are the control tokens, which text must not become. */
  static JsonModels read(Json json, Set<String> special) {
    return switch (type(json)) {
      case "BPE" -> bpe(json, special);
      case "Unigram" -> unigram(json, special);
      case "WordPiece" -> wordPiece(json, special);
      case "WordLevel" -> wordLevel(json, special);
      default -> throw json.unknownType(KNOWN);
    };
  }

  /** Old files leave the type out. */
  private static String type(Json json) {
    String guess = json.field("merges").isPresent() ? "BPE" : "WordLevel";
    return json.text("type", guess);
  }

  private static JsonModels bpe(Json json, Set<String> special) {
    Map<String, Integer> tokens = vocabulary(json.required("vocab"));
    OptionalInt unknown = id(tokens, json.text("unk_token", ""));
    boolean fused = json.flag("fuse_unk", false);
    Fallback fallback =
        json.flag("byte_fallback", false)
            ? Fallback.toBytes(Spellings.of(tokens), unknown, fused)
            : Fallback.toUnknown(unknown, fused);
    Options options =
        new Options(
            json.flag("ignore_merges", false),
            json.text("continuing_subword_prefix", ""),
            json.text("end_of_word_suffix", ""));
    MergeTable merges = merges(json.required("merges"), tokens, options.continuation());
    return new JsonModels(
        tokens,
        unknown,
        new BpeModel(Spellings.of(pieces(tokens, special)), merges, fallback, options));
  }

  private static MergeTable merges(Json json, Map<String, Integer> tokens, String continuation) {
    MergeTable.Builder merges = new MergeTable.Builder(json.size());
    for (Json merge : json.elements()) {
      String left;
      String right;
      if (merge.isArray()) {
        left = merge.element(0).text();
        right = merge.element(1).text();
      } else {
        String line = merge.text();
        int cut = line.indexOf(' ');
        if (cut < 0) {
          throw merge.wrong("two tokens with a space between them");
        }
        left = line.substring(0, cut);
        right = line.substring(cut + 1);
      }
      String tail = right.startsWith(continuation) ? right.substring(continuation.length()) : right;
      merges.add(
          known(merge, left, tokens),
          known(merge, right, tokens),
          known(merge, left + tail, tokens));
    }
    return merges.build();
  }

  private static int known(Json merge, String token, Map<String, Integer> tokens) {
    Integer id = tokens.get(token);
    if (id == null) {
      throw merge.wrong("tokens of the vocabulary (" + Messages.shortened(token) + " is none)");
    }
    return id;
  }

  private static JsonModels unigram(Json json, Set<String> special) {
    Json vocab = json.required("vocab");
    Map<String, Integer> tokens = new HashMap<>(vocab.size() * 2);
    double[] scores = new double[vocab.size()];
    double lowest = Double.POSITIVE_INFINITY;
    for (int id = 0; id < scores.length; id++) {
      Json entry = vocab.element(id);
      tokens.putIfAbsent(entry.element(0).text(), id);
      scores[id] = entry.element(1).number();
      lowest = Math.min(lowest, scores[id]);
    }
    OptionalInt unknown =
        json.field("unk_id").map(id -> OptionalInt.of(id.integer())).orElse(OptionalInt.empty());
    if (unknown.isPresent() && (unknown.getAsInt() < 0 || unknown.getAsInt() >= scores.length)) {
      throw json.required("unk_id").wrong("an id below " + scores.length);
    }
    Fallback fallback =
        json.flag("byte_fallback", false)
            ? Fallback.toBytes(Spellings.of(tokens), unknown, true)
            : Fallback.toUnknown(unknown, true);
    Map<String, Integer> pieces = pieces(tokens, special);
    unknown.ifPresent(id -> pieces.values().removeIf(other -> other == id));
    return new JsonModels(
        tokens, unknown, new UnigramModel(pieces, scores, lowest, Precision.DOUBLE, fallback));
  }

  private static JsonModels wordPiece(Json json, Set<String> special) {
    Map<String, Integer> tokens = vocabulary(json.required("vocab"));
    OptionalInt unknown = id(tokens, json.text("unk_token", "[UNK]"));
    int longest = json.field("max_input_chars_per_word").map(Json::integer).orElse(100);
    Model model =
        WordModels.wordPiece(
            pieces(tokens, special),
            json.text("continuing_subword_prefix", "##"),
            longest,
            Fallback.toUnknown(unknown, false));
    return new JsonModels(tokens, unknown, model);
  }

  private static JsonModels wordLevel(Json json, Set<String> special) {
    Map<String, Integer> tokens = vocabulary(json.required("vocab"));
    OptionalInt unknown = id(tokens, json.text("unk_token", "<unk>"));
    Fallback fallback = Fallback.toUnknown(unknown, false);
    return new JsonModels(tokens, unknown, WordModels.wordLevel(pieces(tokens, special), fallback));
  }

  private static Map<String, Integer> vocabulary(Json json) {
    Map<String, Integer> tokens = new HashMap<>(json.size() * 2);
    for (Map.Entry<String, JsonNode> entry : json.fields()) {
      if (!entry.getValue().isIntegralNumber() || !entry.getValue().canConvertToInt()) {
        throw new Json(json.path() + "." + entry.getKey(), entry.getValue()).wrong("an integer");
      }
      tokens.put(entry.getKey(), entry.getValue().intValue());
    }
    return tokens;
  }

  /** A control token of one character may be an ordinary character as well, so it stays. */
  private static Map<String, Integer> pieces(Map<String, Integer> tokens, Set<String> special) {
    Map<String, Integer> pieces = new HashMap<>(tokens);
    special.stream().filter(token -> token.length() > 1).forEach(pieces::remove);
    return pieces;
  }

  private static OptionalInt id(Map<String, Integer> tokens, String token) {
    Integer id = tokens.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }
}
