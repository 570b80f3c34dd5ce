package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tokenizer.BpeModel.Options;
import dev.jandaia.tokenizer.SentencePieceFile.Algorithm;
import dev.jandaia.tokenizer.SentencePieceFile.Piece;
import dev.jandaia.tokenizer.UnigramModel.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Reads a SentencePiece {@code tokenizer.model} (arXiv:1808.06226). */
final class SentencePieceTokenizer {
  private static final String SPACE_SIGN = "\u2581";

  private final SentencePieceFile file;
  private final List<Piece> pieces;
  private final Map<String, Integer> ids = new HashMap<>();

  private SentencePieceTokenizer(SentencePieceFile file) {
    this.file = file;
    this.pieces = file.pieces();
    for (int id = 0; id < pieces.size(); id++) {
      ids.putIfAbsent(pieces.get(id).text(), id);
    }
  }

  static Tokenizer read(Path path, HfConfig config) {
    return new SentencePieceTokenizer(SentencePieceFile.read(path)).build(config);
  }

  private Tokenizer build(HfConfig config) {
    List<AddedToken> raw = controlTokens();
    for (AddedToken token : config.addedTokens()) {
      if (token.id() >= pieces.size()) {
        raw.add(token);
      }
    }
    // These are sought where their spelling is the vocabulary's: after normalisation.
    List<AddedToken> userDefined = userDefined();
    Vocabulary vocabulary = vocabulary(raw, userDefined);
    return new TextTokenizer(
        new TextTokenizer.Parts(
            vocabulary,
            new AddedTokenMatcher(raw, AddedToken::content),
            new AddedTokenMatcher(
                file.algorithm() == Algorithm.UNIGRAM ? List.of() : userDefined,
                AddedToken::content),
            file.normalizer(trie(userDefined)),
            PreTokenizer.NONE,
            model(),
            file.leadingSpaces(),
            config.roles(vocabulary, defaults()),
            config.chatTemplate()));
  }

  private Model model() {
    return switch (file.algorithm()) {
      case UNIGRAM -> unigram();
      case BPE -> bpe(MergeTable.ofVocabulary(textPieces(), priorities()));
      case CHAR -> bpe(new MergeTable.Builder(0).build());
      case WORD ->
          throw new JandaiaException(
              file.origin() + ": model type: expected UNIGRAM, BPE or CHAR, found WORD");
    };
  }

  private Model bpe(MergeTable merges) {
    return new BpeModel(Spellings.of(textPieces()), merges, fallback(), Options.PLAIN);
  }

  private int[] priorities() {
    float[] scores = new float[pieces.size()];
    for (int id = 0; id < scores.length; id++) {
      scores[id] = pieces.get(id).score();
    }
    return MergeTable.priorities(scores);
  }

  private Model unigram() {
    double[] scores = new double[pieces.size()];
    float lowest = Float.MAX_VALUE;
    float highest = -Float.MAX_VALUE;
    for (Piece piece : pieces) {
      if (piece.type() == SentencePieceFile.Type.NORMAL) {
        lowest = Math.min(lowest, piece.score());
        highest = Math.max(highest, piece.score());
      }
    }
    for (int id = 0; id < scores.length; id++) {
      Piece piece = pieces.get(id);
      // A bonus that makes the symbol win over any segmentation of it.
      scores[id] =
          piece.type() == SentencePieceFile.Type.USER_DEFINED
              ? (float) (Utf8.encode(piece.text()).length * highest - 0.1)
              : piece.score();
    }
    Map<String, Integer> text = textPieces();
    text.values().removeIf(id -> pieces.get(id).type() == SentencePieceFile.Type.UNUSED);
    return new UnigramModel(text, scores, lowest, Precision.SINGLE, fallback());
  }

  private Fallback fallback() {
    OptionalInt unknown = id(file.unknownId());
    return file.byteFallback()
        ? Fallback.toBytes(Spellings.of(ids), unknown, true)
        : Fallback.toUnknown(unknown, true);
  }

  /** The tokens that text may become. */
  private Map<String, Integer> textPieces() {
    Map<String, Integer> text = new HashMap<>();
    for (int id = 0; id < pieces.size(); id++) {
      boolean usable =
          switch (pieces.get(id).type()) {
            case NORMAL, USER_DEFINED, UNUSED -> true;
            case UNKNOWN, CONTROL, BYTE -> false;
          };
      if (usable && !pieces.get(id).text().isEmpty()) {
        text.putIfAbsent(pieces.get(id).text(), id);
      }
    }
    return text;
  }

  private List<AddedToken> controlTokens() {
    List<AddedToken> tokens = new ArrayList<>();
    for (int id = 0; id < pieces.size(); id++) {
      SentencePieceFile.Type type = pieces.get(id).type();
      if (type == SentencePieceFile.Type.CONTROL || type == SentencePieceFile.Type.UNKNOWN) {
        tokens.add(AddedToken.control(id, pieces.get(id).text()));
      }
    }
    return tokens;
  }

  private List<AddedToken> userDefined() {
    List<AddedToken> tokens = new ArrayList<>();
    for (int id = 0; id < pieces.size(); id++) {
      if (pieces.get(id).type() == SentencePieceFile.Type.USER_DEFINED) {
        tokens.add(AddedToken.userDefined(id, pieces.get(id).text()));
      }
    }
    return tokens;
  }

  private static Trie trie(List<AddedToken> tokens) {
    Trie trie = new Trie(tokens.size());
    tokens.forEach(token -> trie.put(token.content(), token.id()));
    return trie;
  }

  private Vocabulary vocabulary(List<AddedToken> raw, List<AddedToken> userDefined) {
    List<Integer> all = new ArrayList<>(List.of(pieces.size() - 1));
    raw.forEach(token -> all.add(token.id()));
    ListedVocabulary.Builder builder = new ListedVocabulary.Builder(ListedVocabulary.sizeFor(all));
    for (int id = 0; id < pieces.size(); id++) {
      builder.set(id, pieces.get(id).text(), meaning(pieces.get(id)));
    }
    raw.forEach(builder::add);
    userDefined.forEach(token -> builder.add(token, spaced(token.content())));
    return builder.build();
  }

  private static byte[] meaning(Piece piece) {
    int b = piece.type() == SentencePieceFile.Type.BYTE ? Fallback.byteOf(piece.text()) : -1;
    return b >= 0 ? new byte[] {(byte) b} : spaced(piece.text());
  }

  private static byte[] spaced(String text) {
    return Utf8.encode(text.replace(SPACE_SIGN, " "));
  }

  /**
   * BPE models of this kind are decoders' and begin with BOS, the others are told by their files.
   */
  private RoleDefaults defaults() {
    OptionalInt bos = id(file.bosId());
    boolean framed = file.algorithm() == Algorithm.BPE && bos.isPresent();
    return new RoleDefaults(
        bos,
        id(file.eosId()),
        id(file.unknownId()),
        id(file.paddingId()),
        framed ? List.of(bos.getAsInt()) : List.of(),
        List.of());
  }

  private OptionalInt id(int id) {
    return id >= 0 && id < pieces.size() ? OptionalInt.of(id) : OptionalInt.empty();
  }
}
