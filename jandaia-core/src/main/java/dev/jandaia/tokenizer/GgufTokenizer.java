package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tokenizer.BpeModel.Options;
import dev.jandaia.tokenizer.GgufVocabulary.TokenType;
import dev.jandaia.tokenizer.PrePatterns.PrePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Reads the {@code tokenizer.ggml.*} entries of a GGUF file. */
final class GgufTokenizer {
  private static final String SPACE_SIGN = "\u2581";

  private final GgufValues values;
  private final GgufVocabulary vocabulary;

  private GgufTokenizer(GgufValues values) {
    this.values = values;
    this.vocabulary = new GgufVocabulary(values);
  }

  static Tokenizer read(Map<String, Object> metadata) {
    GgufTokenizer file = new GgufTokenizer(new GgufValues(metadata));
    String kind = file.vocabulary.kind();
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

  private Tokenizer byteLevelBpe() {
    PrePattern pre = PrePatterns.named(vocabulary.preTokenizer());
    Options options = pre.wholeFirst() ? Options.WHOLE_FIRST : Options.PLAIN;
    Fallback fallback = Fallback.toUnknown(OptionalInt.empty(), false);
    Model model = new BpeModel(vocabulary.text(), merges(), fallback, options);
    return build(
        Normalizer.NONE, pre.preTokenizer(), model, 0, pre.addsBos(), false, ByteAlphabet::bytes);
  }

  private Merges merges() {
    if (vocabulary.ranked()) {
      int[] ranks = IntStream.range(0, vocabulary.size()).toArray();
      return MergeTable.ofVocabulary(vocabulary.pieces(), ranks);
    }
    return vocabulary.merges();
  }

  private Tokenizer sentencePieceBpe() {
    boolean spaceFirst = vocabulary.spaceFirst();
    int[] priorities = MergeTable.priorities(vocabulary.scores());
    Map<String, Integer> pieces = vocabulary.pieces();
    Model model =
        new BpeModel(
            vocabulary.text(),
            MergeTable.ofVocabulary(pieces, priorities),
            byteFallback(),
            Options.PLAIN);
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
    Spellings pieces = vocabulary.text();
    Model model = new BpeModel(pieces, merges(), byteFallback(), Options.PLAIN);
    Model newlinesWhole =
        (piece, out) -> {
          int whole = piece.startsWith("\n") ? pieces.find(piece) : -1;
          if (whole < 0) {
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
    boolean spaceFirst = vocabulary.spaceFirst();
    boolean trimmed = vocabulary.trimmed();
    double[] scores = vocabulary.unigramScores();
    double lowest =
        IntStream.range(0, scores.length)
            .filter(id -> vocabulary.type(id) == TokenType.NORMAL)
            .mapToDouble(id -> scores[id])
            .reduce(0, Math::min);
    Charsmap charsmap = Charsmap.of(vocabulary.charsmap());
    Normalizer normalizer =
        SentencePieceNormalizer.of(charsmap, userDefined(), spaceFirst, trimmed, false);
    Model model =
        new UnigramModel(
            vocabulary.pieces(),
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
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.type(id) == TokenType.USER_DEFINED) {
        symbols.put(vocabulary.token(id), id);
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
    return Fallback.toBytes(vocabulary.ids(), unknown(), true);
  }

  private Tokenizer build(
      Normalizer normalizer,
      PreTokenizer preTokenizer,
      Model model,
      int leadingSpaces,
      boolean bosByDefault,
      boolean eosByDefault,
      Function<String, byte[]> bytesOf) {
    List<AddedToken> added = vocabulary.added();
    Vocabulary meanings = new GgufMeanings(vocabulary, added, bytesOf);
    Roles roles = roles(meanings, bosByDefault, eosByDefault);
    return new TextTokenizer(
        new TextTokenizer.Parts(
            meanings,
            new AddedTokenMatcher(added, AddedToken::content),
            new AddedTokenMatcher(List.of(), AddedToken::content),
            normalizer,
            preTokenizer,
            model,
            leadingSpaces,
            roles,
            values.optionalString("tokenizer.chat_template")));
  }

  private OptionalInt unknown() {
    return id("unknown");
  }

  private OptionalInt id(String role) {
    return vocabulary.role(role);
  }

  private Roles roles(Vocabulary meanings, boolean bosByDefault, boolean eosByDefault) {
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
        Roles.stops(meanings, stops));
  }

  private static List<Integer> framing(boolean wanted, OptionalInt token) {
    return wanted && token.isPresent() ? List.of(token.getAsInt()) : List.of();
  }
}
