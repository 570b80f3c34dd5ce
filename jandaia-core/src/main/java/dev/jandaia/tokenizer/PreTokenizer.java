package dev.jandaia.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Cuts a text into the pieces that a {@link Model} then encodes one by one. */
@FunctionalInterface
interface PreTokenizer {
  PreTokenizer NONE = List::of;

  /**
   * A piece on its way.
   *
   * @param atStart whether it begins where the whole input begins
   */
  record Piece(String text, boolean atStart) {}

  List<Piece> split(Piece piece);

  static PreTokenizer sequence(List<PreTokenizer> steps) {
    return piece -> {
      List<Piece> pieces = List.of(piece);
      for (PreTokenizer step : steps) {
        List<Piece> finer = new ArrayList<>(pieces.size());
        for (Piece coarse : pieces) {
          finer.addAll(step.split(coarse));
        }
        pieces = finer;
      }
      return pieces;
    };
  }

  /** Rewrites each piece and cuts none. */
  static PreTokenizer map(UnaryOperator<String> rewrite) {
    return piece -> List.of(new Piece(rewrite.apply(piece.text()), piece.atStart()));
  }

  /** The last step of byte-level BPE: pieces become words over the {@link ByteAlphabet}. */
  static PreTokenizer byteLevel() {
    return map(ByteAlphabet::spell);
  }

  /** Puts a space before each piece that does not begin with one. */
  static PreTokenizer spaceFirst() {
    return map(text -> text.startsWith(" ") ? text : " " + text);
  }

  /** When {@link #metaspace} puts its sign before a piece. */
  enum Prepend {
    ALWAYS,
    FIRST,
    NEVER
  }

  /** Spaces become {@code sign}; {@code cut} starts a new piece at each sign. */
  static PreTokenizer metaspace(String sign, Prepend prepend, boolean cut) {
    PreTokenizer words = cut ? Split.literal(sign, Split.Behavior.MERGED_WITH_NEXT, false) : NONE;
    return piece -> {
      String text = piece.text().replace(" ", sign);
      boolean wanted = prepend == Prepend.ALWAYS || (prepend == Prepend.FIRST && piece.atStart());
      if (wanted && !text.startsWith(sign)) {
        text = sign + text;
      }
      return words.split(new Piece(text, piece.atStart()));
    };
  }
}
