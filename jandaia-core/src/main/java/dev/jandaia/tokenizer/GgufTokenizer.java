package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tokenizer.BpeModel.Options;
import dev.jandaia.tokenizer.MergeTable.Merge;
import dev.jandaia.tokenizer.PrePatterns.PrePattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Reads the {@code tokenizer.ggml.*} entries of a GGUF file. */
final class GgufTokenizer {
  private static final String SPACE_SIGN = "\u2581";

  private final GgufValues values;
  private final String[] tokens;
  private final TokenType[] types;
  private final Map<String, Integer> ids = new HashMap<>();

  /** The file's token types, in their order, from 1. */
  private enum TokenType {
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

  private GgufTokenizer(GgufValues values) {
    this.values = values;
    this.tokens = values.strings("tokenizer.ggml.tokens");
    this.types = types();
    for (int id = 0; id < tokens.length; id++) {
      ids.putIfAbsent(tokens[id], id);
    }
  }

  static Tokenizer read(Map<String, Object> metadata) {
    GgufTokenizer file = new GgufTokenizer(new GgufValues(metadata));
    String kind = file.values.string("tokenizer.ggml.model");
    return switch (kind) {
      case "gpt2" -> file.byteLevelBpe();
      case "llama" -> file.sentencePieceBpe();
      case "gemma4" -> file.spacedBpe();
      case "t5" -> file.unigram();
      default ->
          throw new JandaiaException(
              "tokenizer.ggml.model: expected gpt2, llama, gemma4 or t5, found "
                  + Messages.shortened(kind));
    };
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

  private Tokenizer byteLevelBpe() {
    String name = values.optionalString("tokenizer.ggml.pre").orElse("default");
    PrePattern pre = PrePatterns.named(name);
    Map<String, Integer> pieces = pieces();
    Options options = pre.wholeFirst() ? Options.WHOLE_FIRST : Options.PLAIN;
    Fallback fallback = Fallback.toUnknown(OptionalInt.empty(), false);
    Model model = new BpeModel(pieces, merges(name), fallback, options);
    return build(
        Normalizer.NONE, pre.preTokenizer(), model, 0, pre.addsBos(), false, ByteAlphabet::bytes);
  }

  /** Kimi K2's vocabulary comes without merges: there the order of the tokens is their rank. */
  private MergeTable merges(String pre) {
    if (!values.has("tokenizer.ggml.merges") && pre.equals("kimi-k2")) {
      int[] ranks = IntStream.range(0, tokens.length).toArray();
      return MergeTable.ofVocabulary(pieces(), ranks);
    }
    List<Merge> merges = new ArrayList<>();
    for (String line : values.strings("tokenizer.ggml.merges")) {
      int cut = line.indexOf(' ', 1);
      if (cut < 0) {
        throw new JandaiaException(
            "tokenizer.ggml.merges: expected two parts, found " + Messages.shortened(line));
      }
      Integer left = ids.get(line.substring(0, cut));
      Integer right = ids.get(line.substring(cut + 1));
      Integer result = ids.get(line.substring(0, cut) + line.substring(cut + 1));
      if (left != null && right != null && result != null) {
        merges.add(new Merge(left, right, result));
      }
    }
    return MergeTable.ofMerges(merges);
  }

  private Tokenizer sentencePieceBpe() {
    boolean spaceFirst = values.flag("tokenizer.ggml.add_space_prefix", true);
    int[] priorities = MergeTable.priorities(values.floats("tokenizer.ggml.scores", tokens.length));
    Map<String, Integer> pieces = pieces();
    Model model =
        new BpeModel(
            pieces, MergeTable.ofVocabulary(pieces, priorities), byteFallback(), Options.PLAIN);
    return build(
        spaces(spaceFirst),
        PreTokenizer.NONE,
        model,
        spaceFirst ? 1 : 0,
        true,
        false,
        GgufTokenizer::spacedBytes);
  }

  /** Merges over raw characters with a sign for the space; runs of newlines stand alone. */
  private Tokenizer spacedBpe() {
    Model model = new BpeModel(pieces(), merges("gemma4"), byteFallback(), Options.PLAIN);
    Map<String, Integer> pieces = pieces();
    Model newlinesWhole =
        (piece, out) -> {
          Integer whole = piece.startsWith("\n") ? pieces.get(piece) : null;
          if (whole == null) {
            model.encode(piece, out);
          } else {
            out.add(whole);
          }
        };
    return build(
        spaces(false),
        Split.isolated("\\n+"),
        newlinesWhole,
        0,
        true,
        false,
        GgufTokenizer::spacedBytes);
  }

  private Tokenizer unigram() {
    boolean spaceFirst = values.flag("tokenizer.ggml.add_space_prefix", true);
    boolean trimmed = values.flag("tokenizer.ggml.remove_extra_whitespaces", false);
    float[] given = values.floats("tokenizer.ggml.scores", tokens.length);
    double[] scores = new double[given.length];
    double lowest = 0;
    for (int id = 0; id < given.length; id++) {
      scores[id] = types[id] == TokenType.USER_DEFINED ? 0 : given[id];
      lowest = types[id] == TokenType.NORMAL ? Math.min(lowest, given[id]) : lowest;
    }
    Charsmap charsmap = Charsmap.of(values.bytes("tokenizer.ggml.precompiled_charsmap"));
    Normalizer normalizer =
        SentencePieceNormalizer.of(charsmap, userDefined(), spaceFirst, trimmed, false);
    Model model =
        new UnigramModel(
            pieces(),
            scores,
            lowest,
            UnigramModel.Precision.DOUBLE,
            Fallback.toUnknown(unknown(), true));
    return build(
        normalizer,
        PreTokenizer.NONE,
        model,
        spaceFirst ? 1 : 0,
        false,
        true,
        GgufTokenizer::spacedBytes);
  }

  private Trie userDefined() {
    Trie symbols = new Trie(0);
    for (int id = 0; id < tokens.length; id++) {
      if (types[id] == TokenType.USER_DEFINED) {
        symbols.put(tokens[id], id);
      }
    }
    return symbols;
  }

  private static Normalizer spaces(boolean spaceFirst) {
    Normalizer signs = Normalizer.replace(" ", SPACE_SIGN);
    return spaceFirst ? Normalizer.sequence(List.of(Normalizer.prepend(" "), signs)) : signs;
  }

  private static byte[] spacedBytes(String token) {
    return Utf8.encode(token.replace(SPACE_SIGN, " "));
  }

  private Fallback byteFallback() {
    return Fallback.toBytes(ids, unknown(), true);
  }

  /** The tokens that text may become. */
  private Map<String, Integer> pieces() {
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

  private Tokenizer build(
      Normalizer normalizer,
      PreTokenizer preTokenizer,
      Model model,
      int leadingSpaces,
      boolean bosByDefault,
      boolean eosByDefault,
      Function<String, byte[]> bytesOf) {
    List<AddedToken> added = added();
    Vocabulary vocabulary = vocabulary(added, bytesOf);
    Roles roles = roles(vocabulary, bosByDefault, eosByDefault);
    return new TextTokenizer(
        new TextTokenizer.Parts(
            vocabulary,
            new AddedTokenMatcher(added, AddedToken::content),
            new AddedTokenMatcher(List.of(), AddedToken::content),
            normalizer,
            preTokenizer,
            model,
            leadingSpaces,
            roles,
            values.optionalString("tokenizer.chat_template")));
  }

  private Vocabulary vocabulary(List<AddedToken> added, Function<String, byte[]> bytesOf) {
    Vocabulary.Builder builder = new Vocabulary.Builder(tokens.length);
    for (int id = 0; id < tokens.length; id++) {
      int b = types[id] == TokenType.BYTE ? Fallback.byteOf(tokens[id]) : -1;
      builder.set(id, tokens[id], b >= 0 ? new byte[] {(byte) b} : bytesOf.apply(tokens[id]));
    }
    added.forEach(builder::add);
    return builder.build();
  }

  private List<AddedToken> added() {
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

  private OptionalInt unknown() {
    return id("unknown");
  }

  private OptionalInt id(String role) {
    return values.id("tokenizer.ggml." + role + "_token_id", tokens.length);
  }

  private Roles roles(Vocabulary vocabulary, boolean bosByDefault, boolean eosByDefault) {
    OptionalInt bos = id("bos");
    OptionalInt eos = id("eos");
    List<Integer> stops = new ArrayList<>();
    for (OptionalInt stop : List.of(eos, id("eot"), id("eom"))) {
      stop.ifPresent(stops::add);
    }
    return new Roles(
        bos,
        eos,
        unknown(),
        id("padding"),
        framing(values.flag("tokenizer.ggml.add_bos_token", bosByDefault), bos),
        framing(values.flag("tokenizer.ggml.add_eos_token", eosByDefault), eos),
        Roles.stops(vocabulary, stops));
  }

  private static List<Integer> framing(boolean wanted, OptionalInt token) {
    return wanted && token.isPresent() ? List.of(token.getAsInt()) : List.of();
  }
}
