package dev.jandaia.tokenizer;

import java.util.Map;

/** The two models that look up whole words. */
final class WordModels {
  private WordModels() {}

  /** A piece is a token or unknown. */
  static Model wordLevel(Map<String, Integer> pieces, Fallback fallback) {
    return (piece, ids) -> {
      Integer id = pieces.get(piece);
      if (id != null) {
        ids.add(id);
      } else {
        fallback.encode(piece, false, ids);
      }
    };
  }

  /** WordPiece (arXiv:1609.08144): the longest token first, from the left, or all unknown. */
  static Model wordPiece(
      Map<String, Integer> pieces, String continuation, int longestWord, Fallback fallback) {
    return (piece, ids) -> {
      IntList parts = new IntList();
      boolean covered = piece.codePointCount(0, piece.length()) <= longestWord;
      for (int start = 0; covered && start < piece.length(); ) {
        int end = piece.length();
        String prefix = start > 0 ? continuation : "";
        while (end > start && !pieces.containsKey(prefix + piece.substring(start, end))) {
          end = piece.offsetByCodePoints(end, -1);
        }
        covered = end > start;
        if (covered) {
          parts.add(pieces.get(prefix + piece.substring(start, end)));
        }
        start = end;
      }
      if (covered) {
        ids.addAll(parts.toArray());
      } else {
        fallback.encode(piece, false, ids);
      }
    };
  }
}
