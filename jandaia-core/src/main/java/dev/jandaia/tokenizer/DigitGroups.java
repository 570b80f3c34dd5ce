package dev.jandaia.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a run of digits into groups of three from the right, as one writes thousands. Tokenizer
 * files say it with a look-ahead to the end of the run; done literally, that costs quadratic time.
 */
final class DigitGroups implements PreTokenizer {
  private final boolean wordMustEnd;

  /** {@code wordMustEnd}: a run that is followed by a letter stays whole. */
  DigitGroups(boolean wordMustEnd) {
    this.wordMustEnd = wordMustEnd;
  }

  /** The equivalent of a known pattern. */
  static Optional<PreTokenizer> forPattern(String pattern) {
    return switch (pattern) {
      case "\\d{1,3}(?=(?:\\d{3})*\\b)" -> Optional.of(new DigitGroups(true));
      case "(?=(\\d{3})+(?!\\d))" -> Optional.of(new DigitGroups(false));
      default -> Optional.empty();
    };
  }

  @Override
  public List<Piece> split(Piece piece) {
    String text = piece.text();
    List<Piece> pieces = new ArrayList<>();
    IntList offsets = new IntList();
    for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      offsets.add(i);
    }
    offsets.add(text.length());
    int[] at = offsets.toArray();
    int start = 0;
    for (int i = 0; i + 1 < at.length; i++) {
      if (!digit(text, at[i])) {
        continue;
      }
      int end = i;
      while (end + 1 < at.length && digit(text, at[end])) {
        end++;
      }
      if (!wordMustEnd || end + 1 == at.length || !wordPart(text.codePointAt(at[end]))) {
        start = cutRun(piece, at, i, end, start, pieces);
      }
      i = end - 1;
    }
    add(piece, start, text.length(), pieces);
    return pieces;
  }

  private int cutRun(Piece piece, int[] at, int from, int to, int start, List<Piece> pieces) {
    int cut = start;
    if (wordMustEnd) {
      add(piece, cut, at[from], pieces);
      cut = at[from];
    }
    for (int i = from; i < to; i++) {
      if ((to - i) % 3 == 0) {
        add(piece, cut, at[i], pieces);
        cut = at[i];
      }
    }
    if (wordMustEnd) {
      add(piece, cut, at[to], pieces);
      cut = at[to];
    }
    return cut;
  }

  private static void add(Piece piece, int start, int end, List<Piece> pieces) {
    if (end > start) {
      pieces.add(new Piece(piece.text().substring(start, end), piece.atStart() && start == 0));
    }
  }

  private static boolean digit(String text, int i) {
    return Character.isDigit(text.codePointAt(i));
  }

  /** What Oniguruma takes for a part of a word: numbers such as ² are. */
  private static boolean wordPart(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.LETTER_NUMBER,
          Character.OTHER_NUMBER ->
          true;
      default -> Character.isLetterOrDigit(codePoint);
    };
  }
}
